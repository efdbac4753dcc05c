/** The operations that the laptop knows, by their names at AWS. */
import type { Context } from "./context";
import { query, scan } from "./query";
import { batchGetItem, getItem, transactGetItems } from "./reads";
import { describeStream, getRecords, getShardIterator, listStreams } from "./streams-api";
import {
  changeTags,
  describeContinuousBackups,
  describeTimeToLive,
  listTags,
  updateContinuousBackups,
  updateTable,
  updateTimeToLive,
} from "./table-settings";
import { batchWriteItem, transactWriteItems, writeItem } from "./writes";

export type Request = Record<string, unknown>;
type Operation = (context: Context, request: Request) => Request | Promise<Request>;

const OPERATIONS: Record<string, Operation> = {
  PutItem: (context, request) => writeItem(context, "Put", request),
  UpdateItem: (context, request) => writeItem(context, "Update", request),
  DeleteItem: (context, request) => writeItem(context, "Delete", request),
  BatchWriteItem: batchWriteItem,
  TransactWriteItems: transactWriteItems,
  GetItem: getItem,
  BatchGetItem: batchGetItem,
  TransactGetItems: transactGetItems,
  Query: query,
  Scan: scan,
  CreateTable: ({ tables }, request) => tables.create(request),
  DescribeTable: async ({ tables, store }, request) => {
    // A table that takes no writes is not one that is active.
    await store.requireWritable();
    return tables.describe(request);
  },
  ListTables: ({ tables }, request) => tables.list(request),
  UpdateTable: updateTable,
  DeleteTable: ({ tables }, request) => tables.delete(request),
  UpdateTimeToLive: updateTimeToLive,
  DescribeTimeToLive: ({ tables }, request) => describeTimeToLive(tables, request),
  UpdateContinuousBackups: ({ tables }, request) => updateContinuousBackups(tables, request),
  DescribeContinuousBackups: ({ tables }, request) => describeContinuousBackups(tables, request),
  TagResource: ({ tables }, request) => changeTags(tables, request),
  UntagResource: ({ tables }, request) => changeTags(tables, request),
  ListTagsOfResource: ({ tables }, request) => listTags(tables, request),
};

const STREAM_OPERATIONS: Record<string, Operation> = {
  ListStreams: ({ tables }, request) => listStreams(tables, request),
  DescribeStream: ({ tables }, request) => describeStream(tables, request),
  GetShardIterator: ({ tables, streams }, request) => getShardIterator(tables, streams, request),
  GetRecords: ({ streams }, request) => getRecords(streams, request),
};

/** An operation of DynamoDB or of its streams, as `X-Amz-Target` names service and operation; undefined for no known one. */
export function operationOf(service: string | undefined, name: string): Operation | undefined {
  const known = service?.startsWith("DynamoDBStreams_") ? STREAM_OPERATIONS : OPERATIONS;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}
