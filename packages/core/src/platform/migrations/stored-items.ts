/** Reads and writes items as they are stored, whatever the product's code makes of them. */
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  ScanCommand,
  type ScanCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { dynamo } from "../clients";
import { conditionHeld } from "../dynamo-errors";
import type { RawItem } from "../partitions";
import { resources } from "../resources";

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

type Page = { items: RawItem[]; next?: string };

/** Reads one page of the whole table, of which the filter chooses items. `cursor` is the `next` of the page before. */
export async function scanItems(filter: Partial<ScanCommandInput>, cursor: string | undefined): Promise<Page> {
  const ExclusiveStartKey = cursor === undefined ? undefined : JSON.parse(cursor);
  const scan = new ScanCommand({ ...table(), ConsistentRead: true, ...filter, ExclusiveStartKey });
  const { Items = [], LastEvaluatedKey } = await dynamo().send(scan);
  return { items: Items as RawItem[], next: LastEvaluatedKey && JSON.stringify(LastEvaluatedKey) };
}

/** Returns a filter's part that chooses items of these types, and its names and values. */
export function ofTypes(types: readonly string[]): { expression: string } & Partial<ScanCommandInput> {
  return {
    expression: `#type IN (${types.map((type) => `:${type}`).join(", ")})`,
    ExpressionAttributeNames: { "#type": "type" },
    ExpressionAttributeValues: Object.fromEntries(types.map((type) => [`:${type}`, type])),
  };
}
