/** GetItem, BatchGetItem and TransactGetItems. */
import { ConsumedCapacity } from "./capacity";
import type { Context } from "./context";
import { checkKey, checkPaths, projected, type ValidRequest, validated } from "./dynalite";
import { validationError } from "./errors";
import { itemKey } from "./keys";
import type { Item, Table } from "./model";
import { objectIn, objectsIn } from "./requests";
import { itemBytes, readUnits } from "./sizes";

type Request = Record<string, unknown>;

const MAX_TRANSACTION_ITEMS = 100;
/** A BatchGetItem response ends after this much; what is left is for the caller to repeat. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

interface ReadRequest {
  table: Table;
  key: string;
  data: ValidRequest;
}

function readRequest(context: Context, data: ValidRequest): ReadRequest {
  const table = context.tables.get(data.TableName);
  const { Key = {} } = data;
  checkKey(Key, table.description);
  checkPaths(data._projection, table.description);
  return { table, key: itemKey(Key, table.description), data };
}

export async function getItem(context: Context, request: Request): Promise<Request> {
  const read = readRequest(context, validated("getItem", request));
  const consistent = read.data.ConsistentRead === true;
  const past = consistent ? undefined : context.history.asOf(context.faults.readLagMs(), read.key);
  const item = past?.has(read.key) ? past.get(read.key) : await context.store.get<Item>(read.key);
  const capacity = new ConsumedCapacity();
  capacity.addTable(read.data.TableName, readUnits(item ? itemBytes(item) : 0, consistent));
  return {
    ...(item ? { Item: shown(item, read.data) } : {}),
    ConsumedCapacity: capacity.entries(read.data.ReturnConsumedCapacity)?.[0],
  };
}

export async function batchGetItem(context: Context, request: Request): Promise<Request> {
  const data = validated("batchGetItem", request) as unknown as {
    RequestItems: Record<string, ValidRequest & { Keys: Item[] }>;
    ReturnConsumedCapacity?: string;
  };
  const capacity = new ConsumedCapacity();
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, { Keys: Item[] }> = {};
  let responseBytes = 0;
  for (const [TableName, tableRequest] of Object.entries(data.RequestItems)) {
    const { Keys, ...options } = tableRequest;
    const reads = Keys.map((Key) => readRequest(context, { ...options, TableName, Key }));
    // dynalite compares keys as they are written; 1 and 1.0 are one key.
    if (holdsTwice(reads)) throw validationError("Provided list of item keys contains duplicates");
    const consistent = tableRequest.ConsistentRead === true;
    const lagMs = consistent ? 0 : context.faults.readLagMs();
    const items = await context.store.getMany<Item>(reads.map(({ key }) => key));
    const found: Item[] = [];
    for (const [place, read] of reads.entries()) {
      const past = context.history.asOf(lagMs, read.key);
      const item = past.has(read.key) ? past.get(read.key) : items[place];
      const bytes = item ? itemBytes(item) : 0;
      const later =
        responseBytes + bytes > MAX_BATCH_BYTES || context.faults.strikes("throttle", "dynamodb", "BatchGetItem.entry");
      if (later) {
        unprocessed[TableName] = { ...options, Keys: [...(unprocessed[TableName]?.Keys ?? []), read.data.Key ?? {}] };
        continue;
      }
      responseBytes += bytes;
      capacity.addTable(TableName, readUnits(bytes, consistent));
      if (item) found.push(shown(item, read.data));
    }
    responses[TableName] = found;
  }
  return {
    Responses: responses,
    UnprocessedKeys: withoutParsed(unprocessed),
    ConsumedCapacity: capacity.entries(data.ReturnConsumedCapacity),
  };
}

/** All items as of one moment: one snapshot of the store, in which a transaction is wholly there or not at all. */
export async function transactGetItems(context: Context, request: Request): Promise<Request> {
  const entries = objectsIn<Request>(request, "TransactItems");
  if (entries.length < 1 || entries.length > MAX_TRANSACTION_ITEMS)
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TRANSACTION_ITEMS} and at least 1`,
    );
  const reads = entries.map((entry) => readRequest(context, validated("getItem", { ...objectIn(entry, "Get") })));
  if (holdsTwice(reads)) throw validationError("Transaction request cannot include multiple operations on one item");
  const items = await context.store.getMany<Item>(reads.map(({ key }) => key));
  const capacity = new ConsumedCapacity("Read");
  const responses = reads.map(({ data }, place) => {
    const item = items[place];
    capacity.addTable(data.TableName, 2 * readUnits(item ? itemBytes(item) : 0, true));
    return item ? { Item: shown(item, data) } : {};
  });
  return { Responses: responses, ConsumedCapacity: capacity.entries(String(request.ReturnConsumedCapacity)) };
}

const holdsTwice = (reads: readonly ReadRequest[]): boolean => new Set(reads.map(({ key }) => key)).size < reads.length;

const shown = (item: Item, { _projection }: ValidRequest): Item =>
  _projection ? projected(item, _projection.paths) : item;

/** The members as the caller sent them, without what was parsed out of them. */
function withoutParsed(unprocessed: Record<string, Request>): Record<string, Request> {
  return Object.fromEntries(
    Object.entries(unprocessed).map(([table, { _projection, ...members }]) => [table, members]),
  );
}
