/** PutItem, UpdateItem, DeleteItem, BatchWriteItem and TransactWriteItems. */
import { createHash } from "node:crypto";
import { ConsumedCapacity } from "./capacity";
import { commit } from "./commit";
import type { Context } from "./context";
import { validated } from "./dynalite";
import { DynamoDbError, validationError } from "./errors";
import { evaluateWrite, type PlannedWrite, type WriteKind, type WriteRequest, writeRequest } from "./evaluate-write";
import { tokenRow } from "./keys";
import type { Item } from "./model";
import { objectIn, objectsIn } from "./requests";
import { itemBytes } from "./sizes";

type Request = Record<string, unknown>;

const MAX_TRANSACTION_ITEMS = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** Time for which a repeated ClientRequestToken is answered instead of executed again. */
export const TOKEN_LIFE_MS = 10 * 60_000;
const KINDS: WriteKind[] = ["Put", "Update", "Delete", "ConditionCheck"];

/** Identifies a finished transaction when it is sent again because its response was lost. */
export interface StoredToken {
  requestHash: string;
  atMs: number;
}

export async function writeItem(context: Context, kind: WriteKind, request: Request): Promise<Request> {
  const write = writeRequest(kind, request, context.tables);
  if (context.faults.strikes("conflict", "dynamodb", `${kind}Item`))
    throw new DynamoDbError("TransactionConflictException", "Transaction is ongoing for the item");
  return context.locks.hold([write.key], async () => {
    const planned = evaluateWrite(write, await context.store.get<Item>(write.key));
    await commit(context, [planned]);
    const capacity = new ConsumedCapacity();
    capacity.addWrite(planned.table.description, planned.before, planned.after);
    return {
      ...(planned.returned ? { Attributes: planned.returned } : {}),
      ConsumedCapacity: capacity.entries(write.data.ReturnConsumedCapacity)?.[0],
    };
  });
}

/** All of a batch that is taken on is one commit. Under the throttling fault a part is left for the caller to repeat. */
export async function batchWriteItem(context: Context, request: Request): Promise<Request> {
  const data = validated("batchWriteItem", request) as unknown as {
    RequestItems: Record<string, BatchWrite[]>;
    ReturnConsumedCapacity?: string;
  };
  const unprocessed: Record<string, BatchWrite[]> = {};
  const writes: WriteRequest[] = [];
  for (const [TableName, entries] of Object.entries(data.RequestItems)) {
    for (const entry of entries) {
      const { PutRequest, DeleteRequest } = entry;
      const write = PutRequest
        ? writeRequest("Put", { TableName, Item: PutRequest.Item }, context.tables)
        : writeRequest("Delete", { TableName, Key: DeleteRequest?.Key }, context.tables);
      if (writes.some((other) => other.key === write.key))
        throw validationError("Provided list of item keys contains duplicates");
      if (context.faults.strikes("throttle", "dynamodb", "BatchWriteItem.entry")) {
        unprocessed[TableName] = [...(unprocessed[TableName] ?? []), entry];
      } else writes.push(write);
    }
  }
  const keys = writes.map(({ key }) => key);
  return context.locks.hold(keys, async () => {
    const items = await context.store.getMany<Item>(keys);
    const planned = writes.map((write, place) => evaluateWrite(write, items[place]));
    await commit(context, planned);
    const capacity = new ConsumedCapacity();
    for (const { table, before, after } of planned) capacity.addWrite(table.description, before, after);
    return { UnprocessedItems: unprocessed, ConsumedCapacity: capacity.entries(data.ReturnConsumedCapacity) };
  });
}

interface BatchWrite {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

/** Transactions on the same items follow each other (AWS would cancel one with TransactionConflict). */
export async function transactWriteItems(context: Context, request: Request): Promise<Request> {
  const entries = objectsIn<Record<string, unknown>>(request, "TransactItems");
  if (entries.length < 1 || entries.length > MAX_TRANSACTION_ITEMS)
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TRANSACTION_ITEMS} and at least 1`,
    );
  const requestHash = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
  const writes = entries.map((entry) => {
    const [kind, ...others] = KINDS.filter((known) => entry[known]);
    if (!kind || others.length > 0)
      throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
    return writeRequest(kind, objectIn<Request>(entry, kind) ?? {}, context.tables);
  });
  const keys = writes.map(({ key }) => key);
  if (new Set(keys).size !== keys.length)
    throw validationError("Transaction request cannot include multiple operations on one item");
  const token = typeof request.ClientRequestToken === "string" ? tokenRow(request.ClientRequestToken) : undefined;
  return context.locks.hold(token ? [...keys, token] : keys, async () => {
    const done = token ? await context.store.get<StoredToken>(token) : undefined;
    const capacity = new ConsumedCapacity("Write");
    if (done && done.atMs > Date.now() - TOKEN_LIFE_MS) {
      if (done.requestHash !== requestHash)
        throw new DynamoDbError(
          "IdempotentParameterMismatchException",
          "The request uses the same client token as a previous, but non-identical request.",
        );
      return {};
    }
    if (context.faults.strikes("conflict", "dynamodb", "TransactWriteItems"))
      throw cancellation([...writes.slice(1).map(() => ({ Code: "None" })), CONFLICT]);
    const planned = allPlanned(writes, await context.store.getMany<Item>(keys));
    const stored: StoredToken = { requestHash, atMs: Date.now() };
    await commit(context, planned, token ? [{ type: "put", key: token, value: stored }] : []);
    for (const { table, before, after } of planned) capacity.addWrite(table.description, before, after, 2);
    return { ConsumedCapacity: capacity.entries(String(request.ReturnConsumedCapacity)) };
  });
}

/** @throws {DynamoDbError} TransactionCanceledException with a reason per write, in their order, when any fails */
function allPlanned(writes: WriteRequest[], items: (Item | undefined)[]): PlannedWrite[] {
  const planned: PlannedWrite[] = [];
  const reasons = writes.map((write, place) => {
    try {
      planned.push(evaluateWrite(write, items[place]));
      return { Code: "None" };
    } catch (error) {
      if (!(error instanceof DynamoDbError)) throw error;
      const Code = error.type === "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError";
      return { Code, Message: error.message, ...error.details };
    }
  });
  if (planned.length < writes.length) throw cancellation(reasons);
  const bytes = planned.reduce((sum, { after }) => sum + (after ? itemBytes(after) : 0), 0);
  if (bytes > MAX_TRANSACTION_BYTES) throw validationError("Transaction size has exceeded the maximum allowed size");
  return planned;
}

const CONFLICT = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };

function cancellation(reasons: { Code: string }[]): DynamoDbError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new DynamoDbError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
