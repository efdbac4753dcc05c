import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Faults } from "../faults";
import { overlaid, RecentHistory } from "./history";
import type { Item } from "./model";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const item = (n: number): Item => ({ n: { N: String(n) } });

it("shows at any lag exactly the rows of that moment, in either order", async () => {
  const write = fc.record({
    key: fc.constantFrom("a", "b", "c", "d", "e"),
    n: fc.option(fc.nat(9), { nil: undefined }),
    laterMs: fc.integer({ min: 0, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 15 }), fc.nat(20), fc.boolean(), async (writes, lagMs, reverse) => {
      vi.setSystemTime(1_000);
      const history = new RecentHistory(new Faults({ seed: 1, lateIndexMs: 20 }, () => undefined));
      const rows = new Map<string, Item>();
      const states = [{ atMs: 0, rows: new Map(rows) }];
      for (const { key, n, laterMs } of writes) {
        vi.setSystemTime(Date.now() + laterMs);
        const [before, after] = [rows.get(key), n === undefined ? undefined : item(n)];
        history.record([{ key, before, after }]);
        if (after) rows.set(key, after);
        else rows.delete(key);
        states.push({ atMs: Date.now(), rows: new Map(rows) });
      }
      const then = Date.now() - lagMs;
      const expected = states.findLast(({ atMs }) => atMs <= then)?.rows ?? new Map<string, Item>();
      const sorted = (map: Map<string, Item>) => {
        const list = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
        return reverse ? list.reverse() : list;
      };
      async function* present() {
        yield* sorted(rows);
      }
      const seen: [string, Item][] = [];
      for await (const row of overlaid(present(), history.asOf(lagMs, ""), () => true, reverse)) seen.push(row);
      expect(seen).toEqual(sorted(expected));
    }),
    { numRuns: 500 },
  );
});

it("keeps nothing while the fault mode is off", () => {
  const history = new RecentHistory(new Faults());
  history.record([{ key: "a", after: item(1) }]);
  expect(history.asOf(1_000, "").size).toBe(0);
});
