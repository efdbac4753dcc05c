/** A draft's id was called a window. */
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "../../clients";
import { conditionHeld } from "../../dynamo-errors";
import type { RawItem } from "../../partitions";
import { table } from "../stored-items";

export async function migrateDraft({ pk, sk, window }: RawItem): Promise<void> {
  if (window === undefined) return;
  const update = new UpdateCommand({
    ...{ ...table(), Key: { pk, sk } },
    UpdateExpression: "SET draftId = #window REMOVE #window",
    ConditionExpression: "attribute_exists(#window)",
    ExpressionAttributeNames: { "#window": "window" },
  });
  await conditionHeld(dynamo().send(update));
}
