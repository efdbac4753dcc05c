/** Operations that change settings of an existing table. */
import type { Context } from "./context";
import { validationError } from "./errors";
import { expiryOf, indexedRow } from "./indexes";
import { expiryRow, HIGHEST, indexRows, itemRows } from "./keys";
import {
  type IndexDescription,
  type Item,
  type StreamSpecification,
  type TableDescription,
  tableNameInArn,
} from "./model";
import { malformed, objectIn, objectsIn } from "./requests";
import { describedIndex, setStream, type Tables, tagsOf } from "./tables";

type Request = Record<string, unknown>;
type Definition = TableDescription["AttributeDefinitions"][number];
type IndexUpdate = { Create?: IndexDescription; Delete?: { IndexName: string } };

/** Streams, deletion protection, and indexes added, filled when the response comes, or removed. */
export async function updateTable(context: Context, request: Request): Promise<Request> {
  const { tables } = context;
  const table = structuredClone(tables.get(request.TableName));
  const { description } = table;
  const { TableName } = description;
  if (typeof request.DeletionProtectionEnabled === "boolean")
    description.DeletionProtectionEnabled = request.DeletionProtectionEnabled;
  setStream(table, objectIn<StreamSpecification>(request, "StreamSpecification"));
  for (const definition of objectsIn<Definition>(request, "AttributeDefinitions"))
    if (!description.AttributeDefinitions.some((known) => known.AttributeName === definition.AttributeName))
      description.AttributeDefinitions.push(definition);
  const removed: string[] = [];
  for (const { Create, Delete } of objectsIn<IndexUpdate>(request, "GlobalSecondaryIndexUpdates")) {
    const indexes = description.GlobalSecondaryIndexes ?? [];
    if (Delete) {
      description.GlobalSecondaryIndexes = indexes.filter(({ IndexName }) => IndexName !== Delete.IndexName);
      removed.push(Delete.IndexName);
    }
    if (!Create) continue;
    if (!/^[\w.-]{3,255}$/.test(String(Create.IndexName)) || !Array.isArray(Create.KeySchema) || !Create.Projection)
      throw malformed("GlobalSecondaryIndexUpdates");
    if (indexes.some(({ IndexName }) => IndexName === Create.IndexName))
      throw validationError(`Attempting to create an index which already exists: ${Create.IndexName}`);
    const index = describedIndex(TableName, Create);
    description.GlobalSecondaryIndexes = [...indexes, index];
    // A filling that a kill cut short left rows, of items that may be gone by now.
    await tables.deleteRows(indexRows(TableName, index.IndexName));
    tables.replace(structuredClone(table));
    await fillIndex(context, description, index);
  }
  await tables.save(table);
  for (const name of removed) await tables.deleteRows(indexRows(TableName, name));
  return { TableDescription: description };
}

/** Item by item under its lock, for writes go on meanwhile; they keep the new index already. */
async function fillIndex({ store, locks }: Context, table: TableDescription, index: IndexDescription): Promise<void> {
  const rows = itemRows(table.TableName);
  for await (const [key] of store.iterate<Item>({ gt: rows, lt: rows + HIGHEST }))
    await locks.hold([key], async () => {
      const item = await store.get<Item>(key);
      const row = item && indexedRow(item, index, table);
      if (row) await store.put(row.key, row.item);
    });
}

export async function updateTimeToLive({ tables, store }: Context, request: Request): Promise<Request> {
  const table = structuredClone(tables.get(request.TableName));
  const specification = objectIn<{ AttributeName: string; Enabled: boolean }>(request, "TimeToLiveSpecification");
  if (!specification?.AttributeName) throw validationError("TimeToLiveSpecification must name an attribute.");
  if (specification.Enabled && table.ttlAttribute === specification.AttributeName)
    throw validationError("TimeToLive is already enabled");
  if (!specification.Enabled && table.ttlAttribute === undefined)
    throw validationError("TimeToLive is already disabled");
  table.ttlAttribute = specification.Enabled ? specification.AttributeName : undefined;
  tables.replace(table);
  const { TableName } = table.description;
  if (specification.Enabled)
    for await (const [key, item] of store.iterate<Item>({
      gt: itemRows(TableName),
      lt: itemRows(TableName) + HIGHEST,
    })) {
      const second = expiryOf(table, item);
      // A row too many does no harm: the item is looked at again before it is removed.
      if (second !== undefined) await store.put(expiryRow(TableName, second, key), key);
    }
  await tables.save(table);
  return { TimeToLiveSpecification: specification };
}

export function describeTimeToLive(tables: Tables, request: Request): Request {
  const { ttlAttribute } = tables.get(request.TableName);
  return {
    TimeToLiveDescription: ttlAttribute
      ? { TimeToLiveStatus: "ENABLED", AttributeName: ttlAttribute }
      : { TimeToLiveStatus: "DISABLED" },
  };
}

/** The setting is kept and shown; there is no second copy of the data on a laptop to recover from. */
export async function updateContinuousBackups(tables: Tables, request: Request): Promise<Request> {
  const table = structuredClone(tables.get(request.TableName));
  const wanted = request.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined;
  table.pointInTimeRecovery = wanted?.PointInTimeRecoveryEnabled === true;
  await tables.save(table);
  return describeContinuousBackups(tables, request);
}

export function describeContinuousBackups(tables: Tables, request: Request): Request {
  const { pointInTimeRecovery } = tables.get(request.TableName);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: pointInTimeRecovery ? "ENABLED" : "DISABLED" },
    },
  };
}

/** Adds `Tags` and takes `TagKeys` away. */
export async function changeTags(tables: Tables, request: Request): Promise<Request> {
  const table = structuredClone(tables.get(tableNameInArn(String(request.ResourceArn))));
  table.tags = { ...table.tags, ...tagsOf(request) };
  for (const removed of (request.TagKeys ?? []) as string[]) delete table.tags[removed];
  await tables.save(table);
  return {};
}

export function listTags(tables: Tables, request: Request): Request {
  const { tags = {} } = tables.get(tableNameInArn(String(request.ResourceArn)));
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}
