/** Tables and their settings: what exists, and the operations that create and change it. */
import { randomUUID } from "node:crypto";
import type { Store, StoreOperation } from "../store";
import { validated } from "./dynalite";
import { DynamoDbError, notFound, validationError } from "./errors";
import { EXPIRY_ROWS, HIGHEST, indexRows, itemRows, TABLE_ROWS, tableRow } from "./keys";
import {
  type IndexDescription,
  type StreamSpecification,
  type Table,
  type TableDescription,
  tableArn,
  tableNameInArn,
} from "./model";
import { objectIn, objectsIn } from "./requests";

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
    const { DeletionProtectionEnabled } = request;
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
    const table: Table = { description, tags: tagsOf(request) };
    setStream(table, objectIn<StreamSpecification>(request, "StreamSpecification"));
    this.replace(table);
    // A deletion that a kill cut short left rows of an earlier table of this name.
    await this.deleteAllRows(description);
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
    // The table's own row goes first: after a kill in between, only unreachable rows are left.
    await this.store.del(tableRow(name));
    this.byName.delete(name);
    await this.deleteAllRows(description);
    return { TableDescription: { ...description, TableStatus: "DELETING" } };
  }

  /** From here on writes follow the table as it is given; a kill before `save` brings the last saved one back. */
  replace(table: Table): void {
    this.byName.set(table.description.TableName, table);
  }

  async save(table: Table): Promise<void> {
    this.replace(table);
    await this.store.put(tableRow(table.description.TableName), table);
  }

  private async deleteAllRows({ TableName, GlobalSecondaryIndexes = [] }: TableDescription): Promise<void> {
    await this.deleteRows(itemRows(TableName));
    for (const { IndexName } of GlobalSecondaryIndexes) await this.deleteRows(indexRows(TableName, IndexName));
    const ofTable = `~${TableName}~`;
    await this.deleteRows(EXPIRY_ROWS, (key) => key.startsWith(ofTable, key.indexOf("~", EXPIRY_ROWS.length)));
  }

  /** Deletes in batches: only for rows that can't be reached any more. */
  async deleteRows(prefix: string, wanted: (key: string) => boolean = () => true): Promise<void> {
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

/** Callers may name a table by its ARN. */
function nameOf(tableName: unknown): string {
  if (typeof tableName !== "string") throw validationError("TableName must be given.");
  return tableName.startsWith("arn:") ? tableNameInArn(tableName) : tableName;
}

export function describedIndex(tableName: string, index: IndexDescription): IndexDescription {
  return {
    ...index,
    IndexStatus: "ACTIVE",
    IndexArn: `${tableArn(tableName)}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
  };
}

export function setStream({ description }: Table, specification: StreamSpecification | undefined): void {
  if (!specification) return;
  description.StreamSpecification = specification;
  if (!specification.StreamEnabled) return;
  description.LatestStreamLabel = new Date().toISOString().slice(0, -1);
  description.LatestStreamArn = `${description.TableArn}/stream/${description.LatestStreamLabel}`;
}

export function tagsOf(request: Request): Record<string, string> {
  return Object.fromEntries(
    objectsIn<{ Key: string; Value: string }>(request, "Tags").map(({ Key, Value }) => [Key, Value]),
  );
}
