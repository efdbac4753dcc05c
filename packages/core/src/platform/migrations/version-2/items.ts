import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
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

/** Sets attributes of an item unless the guard changed since it was read: a scalar attribute, or binary. */
export async function updateItem(old: RawItem, change: Record<string, unknown>, guard: string): Promise<void> {
  const changed = Object.keys(change);
  const update = new UpdateCommand({
    ...{ ...table(), Key: { pk: old.pk, sk: old.sk } },
    UpdateExpression: `SET ${changed.map((_, at) => `#${at} = :${at}`).join(", ")}`,
    ConditionExpression: "#guard = :guard",
    ExpressionAttributeNames: { "#guard": guard, ...Object.fromEntries(changed.map((name, at) => [`#${at}`, name])) },
    ExpressionAttributeValues: {
      ":guard": old[guard],
      ...Object.fromEntries(Object.values(change).map((value, at) => [`:${at}`, value])),
    },
  });
  await conditionHeld(dynamo().send(update));
}
