/** Query and Scan, on a table or on one of its indexes. */
import { createHash } from "node:crypto";
import type { StoreRange } from "../store";
import { ConsumedCapacity } from "./capacity";
import { meets } from "./conditions";
import type { Context } from "./context";
import { checkKey, checkPaths, projected, type ValidRequest, validated } from "./dynalite";
import { validationError } from "./errors";
import { overlaid } from "./history";
import { encoded, encodedKey, encodedStart, HIGHEST, indexRows, itemKey, itemRows, justAfter } from "./keys";
import {
  type AttributeValue,
  type IndexDescription,
  type Item,
  type KeySchemaElement,
  keyAttributes,
  type TableDescription,
} from "./model";
import { itemBytes, MAX_PAGE_BYTES, readUnits } from "./sizes";

type Request = Record<string, unknown>;
type KeyConditions = NonNullable<ValidRequest["KeyConditions"]>;

export async function query(context: Context, request: Request): Promise<Request> {
  const data = validated("query", request);
  const source = sourceOf(context, data);
  if (data._filter)
    for (const { AttributeName } of source.schema)
      if (data._filter.pathHeads[AttributeName])
        throw validationError(
          `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${AttributeName}`,
        );
  const range = conditionRange(source, data.KeyConditions ?? {});
  return page(context, data, source, startedRange(source, range, data), data.ScanIndexForward === false);
}

export async function scan(context: Context, request: Request): Promise<Request> {
  const data = validated("scan", request);
  const source = sourceOf(context, data);
  const range = { gte: source.rows, lt: source.rows + HIGHEST };
  return page(context, data, source, startedRange(source, range, data), false);
}

/** The table or index that a query reads. */
interface Source {
  table: TableDescription;
  index?: IndexDescription;
  schema: KeySchemaElement[];
  /** The prefix of all rows. */
  rows: string;
}

function sourceOf(context: Context, data: ValidRequest): Source {
  const { description: table } = context.tables.get(data.TableName);
  checkPaths(data._projection, table);
  checkPaths(data._filter, table);
  if (!data.IndexName) return { table, schema: table.KeySchema, rows: itemRows(table.TableName) };
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === data.IndexName);
  if (!index) throw validationError(`The table does not have the specified index: ${data.IndexName}`);
  if (data.ConsistentRead) throw validationError("Consistent reads are not supported on global secondary indexes");
  if (data.Select === "ALL_ATTRIBUTES" && index.Projection.ProjectionType !== "ALL")
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.IndexName} because its projection type is not ALL`,
    );
  return { table, index, schema: index.KeySchema, rows: indexRows(table.TableName, index.IndexName) };
}

function conditionRange({ table, schema, rows }: Source, conditions: KeyConditions): StoreRange {
  const [partition, sort] = schema;
  for (const name of Object.keys(conditions))
    if (name !== partition?.AttributeName && name !== sort?.AttributeName)
      throw validationError(
        `Query condition missed key schema element: ${sort?.AttributeName ?? partition?.AttributeName}`,
      );
  const whole = partition && conditions[partition.AttributeName];
  if (!partition || !whole)
    throw validationError(`Query condition missed key schema element: ${partition?.AttributeName}`);
  if (whole.ComparisonOperator !== "EQ") throw validationError("Query key condition not supported");
  const start = rows + encoded(typedFor(table, partition, whole.AttributeValueList[0]));
  const condition = sort && conditions[sort.AttributeName];
  if (!sort || !condition) return { gte: start, lt: justAfter(start) };
  const [first, second] = condition.AttributeValueList.map((value) => typedFor(table, sort, value));
  const at = start + encoded(first);
  switch (condition.ComparisonOperator) {
    case "EQ":
      return { gte: at, lt: justAfter(at) };
    case "LT":
      return { gte: start, lt: at };
    case "LE":
      return { gte: start, lt: justAfter(at) };
    case "GT":
      return { gte: justAfter(at), lt: justAfter(start) };
    case "GE":
      return { gte: at, lt: justAfter(start) };
    case "BETWEEN":
      return { gte: at, lt: justAfter(start + encoded(second)) };
    case "BEGINS_WITH":
      return { gte: start + encodedStart(first), lt: start + encodedStart(first) + HIGHEST };
  }
  throw validationError("Attempted conditional constraint is not an indexable operation");
}

function typedFor(
  table: TableDescription,
  { AttributeName }: KeySchemaElement,
  value?: AttributeValue,
): AttributeValue {
  const type = table.AttributeDefinitions.find((known) => known.AttributeName === AttributeName)?.AttributeType;
  if (!type || value?.[type] === undefined)
    throw validationError(
      "One or more parameter values were invalid: Condition parameter type does not match schema type",
    );
  return value;
}

/** The range from behind the row at which the last page ended. */
function startedRange(source: Source, range: StoreRange, data: ValidRequest): StoreRange {
  const { ExclusiveStartKey: start } = data;
  if (!start) return range;
  const { table, index } = source;
  const names = new Set([...table.KeySchema, ...source.schema].map(({ AttributeName }) => AttributeName));
  if (Object.keys(start).length !== names.size || ![...names].every((name) => start[name]))
    throw validationError("The provided starting key is invalid");
  checkKey(keyAttributes(start, table.KeySchema), table);
  const key = index
    ? source.rows + encodedKey(start, index.KeySchema) + encodedKey(start, table.KeySchema)
    : itemKey(start, table);
  if (!isWithin({ ...range }, key))
    throw validationError("The provided starting key is outside query boundaries based on provided conditions");
  return data.ScanIndexForward === false ? { gte: range.gte, lt: key } : { gt: key, lt: range.lt };
}

async function page(
  context: Context,
  data: ValidRequest,
  source: Source,
  range: StoreRange,
  reverse: boolean,
): Promise<Request> {
  const consistent = data.ConsistentRead === true;
  const lagMs = consistent ? 0 : source.index ? context.faults.indexLagMs() : context.faults.readLagMs();
  const past = context.history.asOf(lagMs, source.rows);
  const present = context.store.iterate<Item>({
    ...range,
    reverse,
    limit: data.Limit && !data._filter && !data.TotalSegments ? data.Limit + past.size : undefined,
  });
  const rows = past.size > 0 ? overlaid(present, past, (key) => isWithin(range, key), reverse) : present;
  const items: Item[] = [];
  let looked = 0;
  let bytes = 0;
  let last: Item | undefined;
  for await (const [, item] of rows) {
    if (!inSegment(item, source.table, data)) continue;
    looked++;
    bytes += itemBytes(item);
    if (!data._filter || meets(data._filter.expression, item)) items.push(item);
    if (looked === data.Limit || bytes >= MAX_PAGE_BYTES) {
      last = item;
      break;
    }
  }
  const capacity = new ConsumedCapacity();
  const units = readUnits(bytes, consistent);
  capacity.addTable(data.TableName, source.index ? 0 : units);
  if (source.index) capacity.addIndex(data.TableName, source.index.IndexName, units);
  const paths = data._projection?.paths;
  return {
    ...(data.Select === "COUNT" ? {} : { Items: paths ? items.map((item) => projected(item, paths)) : items }),
    Count: items.length,
    ScannedCount: looked,
    ...(last ? { LastEvaluatedKey: keyAttributes(last, [...source.table.KeySchema, ...source.schema]) } : {}),
    ConsumedCapacity: capacity.entries(data.ReturnConsumedCapacity)?.[0],
  };
}

/** A parallel scan takes the items apart by a hash of their partition. */
function inSegment(item: Item, table: TableDescription, { Segment, TotalSegments }: ValidRequest): boolean {
  if (TotalSegments === undefined || Segment === undefined) return true;
  const partition = encodedKey(item, table.KeySchema.slice(0, 1));
  return createHash("md5").update(partition).digest().readUInt32BE(0) % TotalSegments === Segment;
}

function isWithin({ gt, gte, lt }: StoreRange, key: string): boolean {
  const order = (bound: string) => Buffer.compare(Buffer.from(key), Buffer.from(bound));
  return (
    (gt === undefined || order(gt) > 0) && (gte === undefined || order(gte) >= 0) && (lt === undefined || order(lt) < 0)
  );
}
