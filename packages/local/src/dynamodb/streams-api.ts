/** DynamoDB Streams as SDK clients see it: every stream is one shard that never ends. */
import { notFound, validationError } from "./errors";
import { type Table, tableNameInArn } from "./model";
import { type StreamLog, sequenceText, shownRecord } from "./streams";
import type { Tables } from "./tables";

type Request = Record<string, unknown>;

const SHARD_ID = "shardId-00000000000000000000-00000001";
const MAX_RECORDS = 1_000;

export function listStreams(tables: Tables, request: Request): Request {
  const streams = tables
    .all()
    .filter(({ description }) => request.TableName === undefined || description.TableName === request.TableName)
    .flatMap(({ description: { TableName, LatestStreamArn, LatestStreamLabel } }) =>
      LatestStreamArn ? [{ TableName, StreamArn: LatestStreamArn, StreamLabel: LatestStreamLabel }] : [],
    );
  return { Streams: streams };
}

export function describeStream(tables: Tables, request: Request): Request {
  const { description } = tableOfStream(tables, request.StreamArn);
  const { TableName, KeySchema, StreamSpecification, LatestStreamArn, LatestStreamLabel } = description;
  return {
    StreamDescription: {
      TableName,
      KeySchema,
      StreamArn: LatestStreamArn,
      StreamLabel: LatestStreamLabel,
      StreamStatus: StreamSpecification?.StreamEnabled ? "ENABLED" : "DISABLED",
      StreamViewType: StreamSpecification?.StreamViewType,
      CreationRequestDateTime: Date.parse(`${LatestStreamLabel}Z`) / 1000,
      Shards: [{ ShardId: SHARD_ID, SequenceNumberRange: { StartingSequenceNumber: sequenceText(1) } }],
    },
  };
}

/** An iterator is where to read on; it does not run out (AWS's lives 15 minutes). */
interface Iterator {
  tableName: string;
  after: number;
}

export function getShardIterator(tables: Tables, streams: StreamLog, request: Request): Request {
  const { description } = tableOfStream(tables, request.StreamArn);
  if (request.ShardId !== SHARD_ID) throw notFound(`Requested resource not found: Shard: ${request.ShardId}`);
  const given = Number(request.SequenceNumber);
  const after = {
    TRIM_HORIZON: 0,
    LATEST: streams.latest,
    AFTER_SEQUENCE_NUMBER: given,
    AT_SEQUENCE_NUMBER: given - 1,
  }[String(request.ShardIteratorType)];
  if (after === undefined || !Number.isSafeInteger(after))
    throw validationError("ShardIteratorType must be known, and come with a SequenceNumber where it needs one.");
  return { ShardIterator: packed({ tableName: description.TableName, after }) };
}

export async function getRecords(streams: StreamLog, request: Request): Promise<Request> {
  const { tableName, after } = unpacked(request.ShardIterator);
  const limit = Math.min(MAX_RECORDS, typeof request.Limit === "number" ? request.Limit : MAX_RECORDS);
  const { records, lookedUpTo } = await streams.read(after, limit, { tableName });
  return { Records: records.map(shownRecord), NextShardIterator: packed({ tableName, after: lookedUpTo }) };
}

function tableOfStream(tables: Tables, streamArn: unknown): Table {
  const table = tables.all().find(({ description }) => description.LatestStreamArn === streamArn);
  if (!table)
    throw notFound(
      `Requested resource not found: Stream: ${String(streamArn)} of ${tableNameInArn(String(streamArn))}`,
    );
  return table;
}

const packed = (iterator: Iterator): string => Buffer.from(JSON.stringify(iterator)).toString("base64url");

function unpacked(text: unknown): Iterator {
  try {
    return JSON.parse(Buffer.from(String(text), "base64url").toString()) as Iterator;
  } catch {
    throw validationError("Invalid ShardIterator");
  }
}
