/**
 * The one door to dynalite 4, which has no types: its request validation and expression parsers, its number encoding and
 * its update expressions. Storage, indexes, reads, transactions and streams are ours:
 * dynalite writes an item and its index rows one by one, counts characters for bytes and compares maps by reference.
 *
 * It is required at run time, never bundled: it requires its own files by computed names.
 */
import { createRequire } from "node:module";
import { DynamoDbError } from "./errors";
import { checkExpressionBytes, checkExpressionSize, checkKeyBytes } from "./limits";
import type { AttributeValue, Item, KeyType, TableDescription } from "./model";
import { malformed } from "./requests";
import { inPlaceOrder } from "./update-order";

/** A place in an item: names and list positions. */
export type DocumentPath = (string | number)[];

export type Operand = DocumentPath | AttributeValue | { type: "function"; name: "size"; args: Operand[] };

export type Expression =
  | { type: "and" | "or"; args: [Expression, Expression] }
  | { type: "not"; args: [Expression] }
  | { type: "=" | "<>" | "<" | "<=" | ">" | ">=" | "between" | "in"; args: Operand[] }
  | { type: "function"; name: string; args: Operand[] };

interface Parsed {
  nestedPaths?: Record<string, boolean>;
}

/** A request as dynalite's validation returns it: unknown members dropped, expressions parsed. */
export interface ValidRequest {
  TableName: string;
  Item?: Item;
  Key?: Item;
  ReturnValues?: "NONE" | "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW";
  ReturnValuesOnConditionCheckFailure?: "NONE" | "ALL_OLD";
  ReturnConsumedCapacity?: "NONE" | "TOTAL" | "INDEXES";
  ConsistentRead?: boolean;
  IndexName?: string;
  Select?: string;
  Limit?: number;
  ScanIndexForward?: boolean;
  Segment?: number;
  TotalSegments?: number;
  ExclusiveStartKey?: Item;
  KeyConditions?: Record<string, { ComparisonOperator: string; AttributeValueList: AttributeValue[] }>;
  _condition?: Parsed & { expression: Expression };
  _filter?: Parsed & { expression: Expression; pathHeads: Record<string, boolean> };
  _projection?: Parsed & { paths: DocumentPath[] };
  _updates?: Parsed & { sections: UpdateSection[]; paths: DocumentPath[] };
}

export interface UpdateSection {
  type: "set" | "remove" | "add" | "delete";
  path: DocumentPath;
}

interface DynaliteError {
  statusCode: number;
  body: { __type: string; message?: string; Message?: string };
}

interface DynaliteDb {
  validateKey(key: Item, table: TableDescription): DynaliteError | undefined;
  validateItem(item: Item, table: TableDescription): DynaliteError | undefined;
  validateKeyPaths(paths: Record<string, boolean> | undefined, table: TableDescription): DynaliteError | undefined;
  validateUpdates(legacy: undefined, updates: unknown, table: TableDescription): DynaliteError | undefined;
  mapPaths(paths: DocumentPath[], item: Item): Item;
  mapPath(path: DocumentPath, item: Item): AttributeValue | undefined;
  toLexiStr(value: string, type: KeyType): string;
}

interface Validations {
  checkTypes(data: unknown, types: unknown): ValidRequest;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: unknown): void;
}

type Callback = (error: unknown, result?: { Attributes?: Item }) => void;
type UpdateAction = (store: unknown, data: unknown, callback: Callback) => void;

const requireDynalite = createRequire(import.meta.url);
const dynaliteDb = requireDynalite("dynalite/db") as DynaliteDb;
const validations = requireDynalite("dynalite/validations") as Validations;
const loaded = new Map<string, { types: Record<string, unknown>; custom: unknown }>();

/** Members that AWS knows and dynalite 4 does not. */
const NEWER_MEMBERS = { ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } };
/** Parameters older than expressions (2014). Nothing here sends them, and ignoring a condition would be a lost write. */
const LEGACY_MEMBERS = [
  "Expected",
  "ConditionalOperator",
  "AttributeUpdates",
  "AttributesToGet",
  "QueryFilter",
  "ScanFilter",
  "KeyConditions",
];

/**
 * Checks a request as AWS would and parses its expressions.
 * @param action in lower camel case, like `putItem`
 * @throws {DynamoDbError} ValidationException or SerializationException with AWS's wording
 */
export function validated(action: string, request: Record<string, unknown>): ValidRequest {
  for (const member of LEGACY_MEMBERS)
    if (request[member] !== undefined)
      throw new DynamoDbError("ValidationException", `${member} is not supported on the laptop: use an expression.`);
  checkExpressionBytes(request);
  let validation = loaded.get(action);
  if (!validation) {
    const { types, custom } = requireDynalite(`dynalite/validations/${action}`);
    validation = { types: /^(put|update|delete)Item$/.test(action) ? { ...types, ...NEWER_MEMBERS } : types, custom };
    loaded.set(action, validation);
  }
  return translated(() => {
    const data = validations.checkTypes(request, validation.types);
    validations.checkValidations(data, validation.types, validation.custom, UNBOUNDED);
    checkExpressionSize("ConditionExpression", data._condition?.expression);
    checkExpressionSize("FilterExpression", data._filter?.expression);
    return data;
  });
}

/** Sizes are checked by us, in bytes: dynalite counts characters. */
const UNBOUNDED = { options: { maxItemSize: Number.POSITIVE_INFINITY } };

/** @throws {DynamoDbError} when the key's names or types are not the table's */
export function checkKey(key: Item, table: TableDescription): void {
  translated(() => raise(dynaliteDb.validateKey(key, table)));
  checkKeyBytes(key, table.KeySchema);
}

/** @throws {DynamoDbError} when the item lacks its key or a key attribute has another type */
export function checkItem(item: Item, table: TableDescription): void {
  translated(() => raise(dynaliteDb.validateItem(item, table)));
  checkKeyBytes(item, table.KeySchema);
}

/** @throws {DynamoDbError} when an expression looks inside a key attribute */
export function checkPaths(parsed: Parsed | undefined, table: TableDescription): void {
  translated(() => raise(dynaliteDb.validateKeyPaths(parsed?.nestedPaths, table)));
}

export const projected = (item: Item, paths: DocumentPath[]): Item => ({ ...dynaliteDb.mapPaths(paths, item) });

export const valueAt = (path: DocumentPath, item: Item): AttributeValue | undefined =>
  dynaliteDb.mapPath(path, item) ?? undefined;

/** A string that sorts, by bytes, like the number. */
export const sortableNumber = (number: string): string => dynaliteDb.toLexiStr(number, "N");

/**
 * The item after the update, and what `ReturnValues` asks for. Neither argument is changed.
 * @throws {DynamoDbError} when the expression does not fit the item
 */
export function updated(
  request: ValidRequest,
  before: Item | undefined,
  table: TableDescription,
): { after: Item; returned?: Item } {
  const action = requireDynalite("dynalite/actions/updateItem") as UpdateAction;
  let after: Item | undefined;
  let outcome: { error?: unknown; returned?: Item } = {};
  // Every callback is called at once, so the action runs to its end inside this function.
  const oneItem = {
    lock: (_key: string, locked: (release: (callback: Callback) => Callback) => void) => locked((callback) => callback),
    get: (_key: string, callback: (error: unknown, item?: Item) => void) => callback(null, structuredClone(before)),
    put: (_key: string, item: Item, callback: Callback) => {
      after = item;
      callback(null);
    },
  };
  const store = {
    ...UNBOUNDED,
    getTable: (_name: string, callback: (error: unknown, table: TableDescription) => void) =>
      callback(null, { ...table, GlobalSecondaryIndexes: [] } as TableDescription),
    getItemDb: () => oneItem,
  };
  translated(() => raise(dynaliteDb.validateUpdates(undefined, request._updates, table)));
  action(store, inPlaceOrder(request), (error, result) => {
    outcome = { error, returned: result?.Attributes };
  });
  if (outcome.error) translated(() => raise(outcome.error as DynaliteError));
  if (!after) throw new Error("dynalite ended an update without an item");
  // Through JSON: dynalite's items have no prototype and may share parts with the request.
  return JSON.parse(JSON.stringify({ after, returned: outcome.returned }));
}

function raise(error: DynaliteError | undefined | null): void {
  if (error) throw error;
}

function translated<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    // It reads into what is not there when a member has another shape than DynamoDB knows.
    if (error instanceof TypeError) throw malformed("The request");
    if (!isDynaliteError(error)) throw error;
    const { __type, message, Message } = error.body;
    throw new DynamoDbError(__type.split("#")[1] ?? __type, message ?? Message ?? "");
  }
}

function isDynaliteError(error: unknown): error is DynaliteError {
  return typeof error === "object" && error !== null && "statusCode" in error && "body" in error;
}
