/** One write, thought through on the item as it is: what it would become, or why not. */
import { meets } from "./conditions";
import { checkItem, checkKey, checkPaths, updated, type ValidRequest, validated } from "./dynalite";
import { DynamoDbError, validationError } from "./errors";
import { checkIndexKeys } from "./indexes";
import { itemKey } from "./keys";
import type { Item, Table, TableDescription } from "./model";
import { itemBytes, MAX_ITEM_BYTES, MAX_NESTING, nesting } from "./sizes";
import type { Tables } from "./tables";

export type WriteKind = "Put" | "Update" | "Delete" | "ConditionCheck";

export interface WriteRequest {
  kind: WriteKind;
  table: Table;
  /** The item's row in the store. */
  key: string;
  data: ValidRequest;
}

export interface PlannedWrite {
  table: Table;
  before?: Item;
  after?: Item;
  /** The attributes that `ReturnValues` asks for. */
  returned?: Item;
}

/** A ConditionCheck has a Delete's members, but for the deleting. */
const VALIDATED_AS = {
  Put: "putItem",
  Update: "updateItem",
  Delete: "deleteItem",
  ConditionCheck: "deleteItem",
} as const;

/** @throws {DynamoDbError} for everything that can be said before looking at the item */
export function writeRequest(kind: WriteKind, request: Record<string, unknown>, tables: Tables): WriteRequest {
  const data = validated(VALIDATED_AS[kind], { ...request });
  if (kind === "ConditionCheck" && !data._condition)
    throw validationError("The expression can not be empty: ConditionCheck needs a ConditionExpression");
  const table = tables.get(data.TableName);
  const { description } = table;
  checkPaths(data._condition, description);
  const named = kind === "Put" ? data.Item : data.Key;
  if (!named) throw validationError(`${kind === "Put" ? "Item" : "Key"} must be given.`);
  if (kind === "Put") {
    checkItem(named, description);
    checkStorable(named, description, "Item size has exceeded the maximum allowed size");
  } else checkKey(named, description);
  return { kind, table, key: itemKey(named, description), data };
}

/** @throws {DynamoDbError} ConditionalCheckFailedException, or ValidationException for an update that does not fit */
export function evaluateWrite({ kind, table, data }: WriteRequest, before: Item | undefined): PlannedWrite {
  if (data._condition && !meets(data._condition.expression, before ?? {}))
    throw new DynamoDbError(
      "ConditionalCheckFailedException",
      "The conditional request failed",
      before && data.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? { Item: before } : {},
    );
  const old = data.ReturnValues === "ALL_OLD" ? before : undefined;
  switch (kind) {
    case "Put":
      return { table, before, after: data.Item, returned: old };
    case "Delete":
      return { table, before, returned: old };
    case "ConditionCheck":
      return { table, before, after: before };
    case "Update": {
      const { after, returned } = updated(data, before, table.description);
      checkStorable(after, table.description, "Item size to update has exceeded the maximum allowed size");
      return { table, before, after, returned };
    }
  }
}

/** @throws {DynamoDbError} when no table could hold the item as it is */
function checkStorable(item: Item, table: TableDescription, tooLarge: string): void {
  checkIndexKeys(item, table);
  if (nesting(item) > MAX_NESTING)
    throw validationError(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    );
  if (itemBytes(item) > MAX_ITEM_BYTES) throw validationError(tooLarge);
}
