/** Tables and their settings: what exists, and the operations that create and change it. */
import { randomUUID } from "node:crypto";
import type { Store, StoreOperation } from "../store";
import { validated } from "./dynalite";
import { DynamoDbError, notFound, validationError } from "./errors";
import { expiryOf, indexedRow } from "./indexes";
import { EXPIRY_ROWS, expiryRow, HIGHEST, indexRows, itemRows, TABLE_ROWS, tableRow } from "./keys";
import {
  type IndexDescription,
  type Item,
  type StreamSpecification,
  type Table,
  type TableDescription,
  tableArn,
  tableNameInArn,
} from "./model";

type Request = Record<string, unknown>;

const DELETE_BATCH_ROWS = 1_000;

/** All tables, in memory: there are few, and every request needs one. */
export class Tables {
  private readonly byName = new Map<string, Table>();

  private constructor(private readonly store: Store) {}

  static async load(store: Store): Promise<Tables> {
    const tables = new Tables(store);
    for await (const [key, table] of store.iterate<Table>({ gt: TABLE_ROWS, lt: TABLE_ROWS + HIGHEST }))
      tables.byName.set(key.slice(TABLE_ROWS.length), table);
    return tables;
  }

  /** @throws {DynamoDbError} ResourceNotFoundException */
  get(tableName: unknown): Table {
    const table = this.byName.get(nameOf(tableName));
    if (!table) throw notFound(`Requested resource not found: Table: ${nameOf(tableName)} not found`);
    return table;
  }

  all(): Table[] {
    return [...this.byName.values()];
  }

  async create(request: Request): Promise<Request> {
    const { StreamSpecification, DeletionProtectionEnabled, Tags } = request;
    const data = validated("createTable", { ...request }) as unknown as NewTable;
    if (data.LocalSecondaryIndexes) throw validationError("Local secondary indexes are not supported on the laptop.");
    const name = data.TableName;
    if (this.byName.has(name)) throw new DynamoDbError("ResourceInUseException", `Table already exists: ${name}`);
    const { BillingMode, ...described } = data;
    const created = Date.now() / 1000;
    const description: TableDescription = {
      ...described,
      TableArn: tableArn(name),
      TableId: randomUUID(),
      TableStatus: "ACTIVE",
      CreationDateTime: created,
      ItemCount: 0,
      TableSizeBytes: 0,
      GlobalSecondaryIndexes: data.GlobalSecondaryIndexes?.map((index) => describedIndex(name, index)),
      DeletionProtectionEnabled: DeletionProtectionEnabled === true,
      ...(BillingMode === "PAY_PER_REQUEST"
        ? { BillingModeSummary: { BillingMode, LastUpdateToPayPerRequestDateTime: created } }
        : {}),
    };
    const table: Table = { description, tags: tagsOf(Tags) };
    setStream(table, StreamSpecification as StreamSpecification | undefined);
    await this.save(table);
    return { TableDescription: description };
  }

  describe(request: Request): Request {
    return { Table: this.get(request.TableName).description };
  }

  /** ExclusiveStartTableName and Limit are honoured; names are in order. */
  list(request: Request): Request {
    const after = typeof request.ExclusiveStartTableName === "string" ? request.ExclusiveStartTableName : "";
    const limit = typeof request.Limit === "number" ? request.Limit : 100;
    const names = [...this.byName.keys()].sort().filter((name) => name > after);
    const page = names.slice(0, limit);
    return { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  }

  async delete(request: Request): Promise<Request> {
    const { description } = this.get(request.TableName);
    const name = description.TableName;
    if (description.DeletionProtectionEnabled)
      throw validationError(`Resource cannot be deleted as it is currently protected against deletion: ${name}`);
    // The table's own row goes first: after a kill in between only rows that nobody can reach are left.
    await this.store.del(tableRow(name));
    this.byName.delete(name);
    await this.deleteRows(itemRows(name));
    for (const index of description.GlobalSecondaryIndexes ?? [])
      await this.deleteRows(indexRows(name, index.IndexName));
    const ownExpiry = new RegExp(`^${EXPIRY_ROWS}\\d+~${name.replaceAll(".", "\\.")}~`);
    await this.deleteRows(EXPIRY_ROWS, (key) => ownExpiry.test(key));
    return { TableDescription: { ...description, TableStatus: "DELETING" } };
  }

  /** Streams, deletion protection, and indexes added (filled from the items at once) or removed. */
  async update(request: Request): Promise<Request> {
    const table = structuredClone(this.get(request.TableName));
    const { description } = table;
    const operations: StoreOperation[] = [];
    if (typeof request.DeletionProtectionEnabled === "boolean")
      description.DeletionProtectionEnabled = request.DeletionProtectionEnabled;
    setStream(table, request.StreamSpecification as StreamSpecification | undefined);
    for (const definition of (request.AttributeDefinitions ?? []) as TableDescription["AttributeDefinitions"])
      if (!description.AttributeDefinitions.some((known) => known.AttributeName === definition.AttributeName))
        description.AttributeDefinitions.push(definition);
    const updates = (request.GlobalSecondaryIndexUpdates ?? []) as IndexUpdate[];
    for (const { Create, Delete } of updates) {
      const indexes = description.GlobalSecondaryIndexes ?? [];
      if (Create) {
        if (indexes.some((index) => index.IndexName === Create.IndexName))
          throw validationError(`Attempting to create an index which already exists: ${Create.IndexName}`);
        const index = describedIndex(description.TableName, Create);
        description.GlobalSecondaryIndexes = [...indexes, index];
        operations.push(...(await this.indexFill(description, index)));
      }
      if (Delete) {
        description.GlobalSecondaryIndexes = indexes.filter((index) => index.IndexName !== Delete.IndexName);
        await this.deleteRows(indexRows(description.TableName, Delete.IndexName));
      }
    }
    await this.save(table, operations);
    return { TableDescription: description };
  }

  async updateTimeToLive(request: Request): Promise<Request> {
    const table = structuredClone(this.get(request.TableName));
    const specification = request.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean } | undefined;
    if (!specification?.AttributeName) throw validationError("TimeToLiveSpecification must name an attribute.");
    if (specification.Enabled && table.ttlAttribute === specification.AttributeName)
      throw validationError("TimeToLive is already enabled");
    if (!specification.Enabled && table.ttlAttribute === undefined)
      throw validationError("TimeToLive is already disabled");
    table.ttlAttribute = specification.Enabled ? specification.AttributeName : undefined;
    const operations: StoreOperation[] = [];
    const name = table.description.TableName;
    if (specification.Enabled)
      for await (const [key, item] of this.store.iterate<Item>({ gt: itemRows(name), lt: itemRows(name) + HIGHEST })) {
        const second = expiryOf(table, item);
        if (second !== undefined) operations.push({ type: "put", key: expiryRow(name, second, key), value: key });
      }
    await this.save(table, operations);
    return { TimeToLiveSpecification: specification };
  }

  describeTimeToLive(request: Request): Request {
    const { ttlAttribute } = this.get(request.TableName);
    return {
      TimeToLiveDescription: ttlAttribute
        ? { TimeToLiveStatus: "ENABLED", AttributeName: ttlAttribute }
        : { TimeToLiveStatus: "DISABLED" },
    };
  }

  async updateContinuousBackups(request: Request): Promise<Request> {
    const table = structuredClone(this.get(request.TableName));
    const wanted = request.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined;
    table.pointInTimeRecovery = wanted?.PointInTimeRecoveryEnabled === true;
    await this.save(table);
    return this.describeContinuousBackups(request);
  }

  describeContinuousBackups(request: Request): Request {
    const { pointInTimeRecovery } = this.get(request.TableName);
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: "ENABLED",
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: pointInTimeRecovery ? "ENABLED" : "DISABLED" },
      },
    };
  }

  async tag(request: Request): Promise<Request> {
    const table = structuredClone(this.get(tableNameInArn(String(request.ResourceArn))));
    table.tags = { ...table.tags, ...tagsOf(request.Tags) };
    for (const removed of (request.TagKeys ?? []) as string[]) delete table.tags[removed];
    await this.save(table);
    return {};
  }

  listTags(request: Request): Request {
    const { tags = {} } = this.get(tableNameInArn(String(request.ResourceArn)));
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  }

  private async save(table: Table, operations: StoreOperation[] = []): Promise<void> {
    const name = table.description.TableName;
    this.byName.set(name, table);
    await this.store.batch([...operations, { type: "put", key: tableRow(name), value: table }]);
  }

  private async indexFill(description: TableDescription, index: IndexDescription): Promise<StoreOperation[]> {
    const operations: StoreOperation[] = [];
    const rows = itemRows(description.TableName);
    for await (const [, item] of this.store.iterate<Item>({ gt: rows, lt: rows + HIGHEST })) {
      const row = indexedRow(item, index, description);
      if (row) operations.push({ type: "put", key: row.key, value: row.item });
    }
    return operations;
  }

  private async deleteRows(prefix: string, wanted: (key: string) => boolean = () => true): Promise<void> {
    const operations: StoreOperation[] = [];
    for await (const [key] of this.store.iterate({ gt: prefix, lt: prefix + HIGHEST })) {
      if (!wanted(key)) continue;
      operations.push({ type: "del", key });
      if (operations.length === DELETE_BATCH_ROWS) await this.store.batch(operations.splice(0));
    }
    await this.store.batch(operations);
  }
}

/** CreateTable's members that a description takes over as they are. */
type NewTable = Pick<
  TableDescription,
  "TableName" | "KeySchema" | "AttributeDefinitions" | "GlobalSecondaryIndexes"
> & { BillingMode?: string; LocalSecondaryIndexes?: unknown };

type IndexUpdate = { Create?: IndexDescription; Delete?: { IndexName: string } };

/** Callers may name a table by its ARN. */
function nameOf(tableName: unknown): string {
  if (typeof tableName !== "string") throw validationError("TableName must be given.");
  return tableName.startsWith("arn:") ? tableNameInArn(tableName) : tableName;
}

function describedIndex(tableName: string, index: IndexDescription): IndexDescription {
  return {
    ...index,
    IndexStatus: "ACTIVE",
    IndexArn: `${tableArn(tableName)}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
  };
}

function setStream({ description }: Table, specification: StreamSpecification | undefined): void {
  if (!specification) return;
  description.StreamSpecification = specification;
  if (!specification.StreamEnabled) return;
  description.LatestStreamLabel = new Date().toISOString().slice(0, -1);
  description.LatestStreamArn = `${description.TableArn}/stream/${description.LatestStreamLabel}`;
}

function tagsOf(tags: unknown): Record<string, string> {
  return Object.fromEntries(((tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}
