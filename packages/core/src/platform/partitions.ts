import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchDeleteAll } from "./batch";
import { dynamo } from "./clients";
import { resources } from "./resources";

export type RawItem = Record<string, unknown> & { pk: string; sk: string };

/** Every item of a partition as it is stored, a page at a time: for sweeps, never for a request. */
export async function* readPartition(pk: string): AsyncGenerator<RawItem> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await dynamo().send(
      new QueryCommand({
        TableName: resources.Table.name,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const item of page.Items ?? []) yield item as RawItem;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** Deletes a partition's items but those that `keep` wants kept. Doing it again goes on where it ended. */
export async function deletePartition(pk: string, keep: (item: RawItem) => boolean = () => false): Promise<void> {
  const keys: { pk: string; sk: string }[] = [];
  for await (const item of readPartition(pk)) if (!keep(item)) keys.push({ pk: item.pk, sk: item.sk });
  await batchDeleteAll(keys);
}
