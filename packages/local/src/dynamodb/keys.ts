/**
 * Key layout of the store, all below `dynamodb~`, and the encoding of key attributes as sortable strings.
 *
 * A key attribute is encoded so that byte order is DynamoDB's order, and ends in two NULs; a NUL inside a string becomes
 * NUL and U+0001, so that no encoded value is the beginning of another.
 */
import { sortableNumber } from "./dynalite";
import type { AttributeValue, Item, KeySchemaElement, TableDescription } from "./model";

const END = "\u0000\u0000";
/** Sorts after every string that continues the prefix before it. */
export const HIGHEST = "\u{10FFFF}".repeat(4);

export const TABLE_ROWS = "dynamodb~table~";
export const EXPIRY_ROWS = "dynamodb~expiry~";
export const STREAM_ROWS = "dynamodb~stream~";
export const TOKEN_ROWS = "dynamodb~token~";
export const CHECKPOINT_ROWS = "dynamodb~checkpoint~";
export const SEQUENCE_ROW = "dynamodb~sequence";

export const tableRow = (tableName: string) => `${TABLE_ROWS}${tableName}`;
export const itemRows = (tableName: string) => `dynamodb~item~${tableName}~`;
export const indexRows = (tableName: string, indexName: string) => `dynamodb~index~${tableName}~${indexName}~`;
export const tokenRow = (token: string) => `${TOKEN_ROWS}${token}`;
export const streamRow = (sequence: number) => `${STREAM_ROWS}${String(sequence).padStart(20, "0")}`;
/** Sorted by the second of expiry; the rest is the item's own row. */
export const expiryRow = (tableName: string, second: number, itemKey: string) =>
  `${EXPIRY_ROWS}${String(second).padStart(12, "0")}~${tableName}~${itemKey.slice(itemRows(tableName).length)}`;

/** The item's row. The key must have been checked against the table. */
export function itemKey(item: Item, { TableName, KeySchema }: TableDescription): string {
  return itemRows(TableName) + encodedKey(item, KeySchema);
}

/** All of a schema's attributes, one after the other. */
export function encodedKey(item: Item, schema: KeySchemaElement[]): string {
  return schema.map(({ AttributeName }) => encoded(item[AttributeName])).join("");
}

export function encoded(value: AttributeValue | undefined): string {
  return encodedStart(value) + END;
}

/** Without the end mark: the beginning of every value that begins with this one. */
export function encodedStart(value: AttributeValue | undefined): string {
  if (value?.S !== undefined) return value.S.replaceAll("\u0000", "\u0000\u0001");
  if (value?.N !== undefined) return sortableNumber(value.N);
  if (value?.B !== undefined) return Buffer.from(value.B, "base64").toString("hex");
  throw new Error("a key attribute must be a string, a number or binary");
}

/** The first place after all keys that begin with this key, which ends in an encoded value. */
export const justAfter = (key: string): string => `${key.slice(0, -1)}\u0001`;
