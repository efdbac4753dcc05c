/**
 * The recent past of rows, kept only while the fault mode makes indexes late or plain reads stale, so that a read can
 * show the table as it was some milliseconds ago.
 */
import type { Faults } from "../faults";
import type { Item } from "./model";

/** A row of the store before and after a write; undefined when it was or is not there. */
export interface RowChange {
  key: string;
  before?: Item;
  after?: Item;
}

interface PastRow {
  replacedAt: number;
  before: Item | undefined;
}

/** Rows as they were then, by key: undefined for a row that did not exist. Keys that are absent have not changed. */
export type PastRows = Map<string, Item | undefined>;

const NOTHING: PastRows = new Map();

export class RecentHistory {
  private readonly past = new Map<string, PastRow[]>();

  constructor(private readonly faults: Faults) {}

  record(changes: RowChange[]): void {
    if (this.faults.longestLagMs === 0) {
      if (this.past.size > 0) this.past.clear();
      return;
    }
    const replacedAt = Date.now();
    for (const { key, before } of changes) {
      const rows = (this.past.get(key) ?? []).filter((row) => row.replacedAt > replacedAt - this.faults.longestLagMs);
      this.past.set(key, [...rows, { replacedAt, before }]);
    }
  }

  /** Returns the rows under the prefix that were different `lagMs` ago. Empty, at no cost, when `lagMs` is 0. */
  asOf(lagMs: number, prefix: string): PastRows {
    if (lagMs === 0 || this.past.size === 0) return NOTHING;
    const then = Date.now() - lagMs;
    const rows: PastRows = new Map();
    for (const [key, changes] of this.past) {
      if ((changes.at(-1)?.replacedAt ?? 0) <= Date.now() - this.faults.longestLagMs) {
        this.past.delete(key);
        continue;
      }
      const first = key.startsWith(prefix) ? changes.find((change) => change.replacedAt > then) : undefined;
      if (first) rows.set(key, first.before);
    }
    return rows;
  }
}

/** Rows of the present with those of the past put in their place; both in the order of the keys. */
export async function* overlaid(
  present: AsyncIterable<[string, Item]>,
  past: PastRows,
  within: (key: string) => boolean,
  reverse: boolean,
): AsyncIterable<[string, Item]> {
  const restored = [...past].flatMap(([key, item]): [string, Item][] => (item && within(key) ? [[key, item]] : []));
  const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) * (reverse ? -1 : 1);
  restored.sort(([a], [b]) => order(a, b));
  for await (const row of present) {
    while (restored[0] && order(restored[0][0], row[0]) < 0) yield restored.shift() as [string, Item];
    if (!past.has(row[0])) yield row;
  }
  yield* restored;
}
