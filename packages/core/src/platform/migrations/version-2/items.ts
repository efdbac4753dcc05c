import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "../../clients";
import { conditionHeld } from "../../dynamo-errors";
import type { RawItem } from "../../partitions";
import { resources } from "../../resources";

type Key = { pk: string; sk: string };

export const table = () => ({ TableName: resources.Table.name });

export async function getItem(Key: Key): Promise<RawItem | undefined> {
  return (await dynamo().send(new GetCommand({ ...table(), Key, ConsistentRead: true }))).Item as RawItem | undefined;
}

/** Writes an item unless there is one with its key. */
export async function putNewItem(Item: RawItem): Promise<void> {
  const put = new PutCommand({ ...table(), Item, ConditionExpression: "attribute_not_exists(pk)" });
  await conditionHeld(dynamo().send(put));
}

export async function deleteItem({ pk, sk }: Key): Promise<void> {
  await dynamo().send(new DeleteCommand({ ...table(), Key: { pk, sk } }));
}
