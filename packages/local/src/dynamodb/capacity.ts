/** Capacity that a request consumed, counted per table and index, in the shape that `ReturnConsumedCapacity` asks for. */
import { indexChanges } from "./indexes";
import { type Item, sameItem, type TableDescription } from "./model";
import { writeUnits } from "./sizes";

interface Units {
  table: number;
  indexes: Map<string, number>;
}

export class ConsumedCapacity {
  private readonly byTable = new Map<string, Units>();

  /** @param kind names the units in a transaction's response, which tells reads from writes */
  constructor(private readonly kind?: "Read" | "Write") {}

  addTable(tableName: string, units: number): void {
    this.of(tableName).table += units;
  }

  addIndex(tableName: string, indexName: string, units: number): void {
    const { indexes } = this.of(tableName);
    indexes.set(indexName, (indexes.get(indexName) ?? 0) + units);
  }

  /** A write costs the larger image on the table and what each index has to write. @param factor 2 in a transaction */
  addWrite(table: TableDescription, before: Item | undefined, after: Item | undefined, factor = 1): void {
    this.addTable(table.TableName, factor * Math.max(1, writeUnits(before), writeUnits(after)));
    for (const { indexName, before: old, after: now } of indexChanges(table, before, after)) {
      const moved = old?.key !== now?.key;
      const units = moved
        ? writeUnits(old?.item) + writeUnits(now?.item)
        : sameItem(old?.item, now?.item)
          ? 0
          : Math.max(writeUnits(old?.item), writeUnits(now?.item));
      if (units > 0) this.addIndex(table.TableName, indexName, factor * units);
    }
  }

  /** One entry per table, or nothing when the request did not ask. */
  entries(mode: string | undefined): Record<string, unknown>[] | undefined {
    if (mode !== "TOTAL" && mode !== "INDEXES") return undefined;
    return [...this.byTable].map(([TableName, { table, indexes }]) => {
      const total = [...indexes.values()].reduce((sum, units) => sum + units, table);
      if (mode === "TOTAL") return { TableName, ...this.units(total) };
      return {
        TableName,
        ...this.units(total),
        Table: this.units(table),
        ...(indexes.size > 0
          ? { GlobalSecondaryIndexes: Object.fromEntries([...indexes].map(([name, n]) => [name, this.units(n)])) }
          : {}),
      };
    });
  }

  private units(units: number): Record<string, number> {
    return { CapacityUnits: units, ...(this.kind ? { [`${this.kind}CapacityUnits`]: units } : {}) };
  }

  private of(tableName: string): Units {
    let units = this.byTable.get(tableName);
    if (!units) {
      units = { table: 0, indexes: new Map() };
      this.byTable.set(tableName, units);
    }
    return units;
  }
}
