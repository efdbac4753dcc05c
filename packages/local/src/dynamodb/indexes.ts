/** The rows that follow from an item: one in each index that it is in, and one for its expiry. */

import { validationError } from "./errors";
import type { RowChange } from "./history";
import { encodedKey, expiryRow, indexRows, itemKey } from "./keys";
import { checkKeyBytes } from "./limits";
import type { IndexDescription, Item, Table, TableDescription } from "./model";

/** The item's row in the index, or undefined when it lacks one of the index's keys (indexes are sparse). */
export function indexedRow(
  item: Item,
  index: IndexDescription,
  table: TableDescription,
): { key: string; item: Item } | undefined {
  if (!index.KeySchema.every(({ AttributeName }) => item[AttributeName])) return undefined;
  return {
    key:
      indexRows(table.TableName, index.IndexName) +
      encodedKey(item, index.KeySchema) +
      encodedKey(item, table.KeySchema),
    item: projectedOnto(item, index, table),
  };
}

function projectedOnto(item: Item, index: IndexDescription, table: TableDescription): Item {
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  if (ProjectionType === "ALL") return item;
  const names = new Set([...table.KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName));
  if (ProjectionType === "INCLUDE") for (const name of NonKeyAttributes) names.add(name);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

/** A change of one index that follows from an item's: at most one row is removed and at most one added. */
export interface IndexChange {
  indexName: string;
  before?: { key: string; item: Item };
  after?: { key: string; item: Item };
}

export function indexChanges(
  table: TableDescription,
  before: Item | undefined,
  after: Item | undefined,
): IndexChange[] {
  return (table.GlobalSecondaryIndexes ?? []).map((index) => ({
    indexName: index.IndexName,
    before: before && indexedRow(before, index, table),
    after: after && indexedRow(after, index, table),
  }));
}

/** Every row of the store, but for the expiry, that changes when an item does. */
export function rowChanges(table: TableDescription, before: Item | undefined, after: Item | undefined): RowChange[] {
  const item = after ?? before;
  if (!item) return [];
  const rows: RowChange[] = [{ key: itemKey(item, table), before, after }];
  for (const change of indexChanges(table, before, after)) {
    if (change.before?.key === change.after?.key) {
      if (change.after) rows.push({ key: change.after.key, before: change.before?.item, after: change.after.item });
      continue;
    }
    if (change.before) rows.push({ key: change.before.key, before: change.before.item });
    if (change.after) rows.push({ key: change.after.key, after: change.after.item });
  }
  return rows;
}

/** The second at which the item expires, if it does. As on AWS, only a number counts, and only of the last five years. */
export function expiryOf(table: Table, item: Item | undefined): number | undefined {
  const second = Number(table.ttlAttribute === undefined ? undefined : item?.[table.ttlAttribute]?.N);
  return Number.isFinite(second) && second > 0 && second < 1e12 ? Math.floor(second) : undefined;
}

/** The expiry row before and after; undefined where there is none. */
export function expiryChange(
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
): { before?: string; after?: string } {
  const { TableName } = table.description;
  const row = (item: Item | undefined) => {
    const second = expiryOf(table, item);
    return item && second !== undefined ? expiryRow(TableName, second, itemKey(item, table.description)) : undefined;
  };
  return { before: row(before), after: row(after) };
}

/** @throws {DynamoDbError} when an index's key attribute has another type or is empty, as AWS refuses the whole write */
export function checkIndexKeys(item: Item, table: TableDescription): void {
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    checkKeyBytes(item, index.KeySchema);
    for (const { AttributeName } of index.KeySchema) {
      const value = item[AttributeName];
      if (!value) continue;
      const type = table.AttributeDefinitions.find((known) => known.AttributeName === AttributeName)?.AttributeType;
      if (type && value[type] === undefined)
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for Index Key ${AttributeName} Expected: ${type} Actual: ${Object.keys(value)[0]} IndexName: ${index.IndexName}`,
        );
      if (value.S === "" || value.B === "")
        throw validationError(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${type === "S" ? "string" : "binary"} value. IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`,
        );
    }
  }
}
