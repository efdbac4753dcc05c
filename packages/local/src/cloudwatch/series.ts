/**
 * Metrics by minute: each value with its count, from which every statistic is computed. In memory, for a
 * few hours: an operator looks at the last one, and a laptop that was started again begins a new one.
 */

/** The cloud's own verb, at its CloudWatch: takes a list of samples. */
export const MEASURED_PATH = "/_redline/measured";

/** One measurement, as the cloud's own verb takes it. */
export interface Sample {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  value: number;
  atMs: number;
}

export type SeriesName = Pick<Sample, "namespace" | "name" | "dimensions">;

/** Values with how often each came. */
type Counts = Map<number, number>;

export interface Datapoint {
  /** Start of the period, in ms since the epoch. */
  atMs: number;
  value: number;
}

export type Statistic = (counts: Counts) => number;

const MINUTE_MS = 60_000;
export const KEPT_MS = 3 * 60 * MINUTE_MS;

export class Measured {
  private readonly series = new Map<string, Map<number, Counts>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Samples from before what is kept, or from the future, are not taken. */
  add({ value, atMs, ...name }: Sample): void {
    const now = this.now();
    if (!Number.isFinite(value) || atMs <= now - KEPT_MS || atMs > now + MINUTE_MS) return;
    const key = keyOf(name);
    const minutes = this.series.get(key) ?? new Map<number, Counts>();
    this.series.set(key, minutes);
    const minute = atMs - (atMs % MINUTE_MS);
    const counts = minutes.get(minute);
    if (counts) counts.set(value, (counts.get(value) ?? 0) + 1);
    else {
      minutes.set(minute, new Map([[value, 1]]));
      for (const old of minutes.keys()) if (old <= now - KEPT_MS) minutes.delete(old);
    }
  }

  /** From `fromMs` on and before `toMs`, oldest first; a period in which nothing was measured is not there. */
  read(name: SeriesName, statistic: Statistic, periodMs: number, fromMs: number, toMs: number): Datapoint[] {
    const periods = new Map<number, Counts>();
    for (const [minute, counts] of this.series.get(keyOf(name)) ?? []) {
      const atMs = minute - (minute % periodMs);
      if (atMs < fromMs || atMs >= toMs) continue;
      const all = periods.get(atMs) ?? new Map<number, number>();
      periods.set(atMs, all);
      for (const [value, count] of counts) all.set(value, (all.get(value) ?? 0) + count);
    }
    return [...periods].map(([atMs, counts]) => ({ atMs, value: statistic(counts) })).sort((a, b) => a.atMs - b.atMs);
  }
}

const STATISTICS: Record<string, Statistic> = {
  SampleCount: samples,
  Sum: sum,
  Average: (counts) => sum(counts) / samples(counts),
  Minimum: (counts) => Math.min(...counts.keys()),
  Maximum: (counts) => Math.max(...counts.keys()),
};

/** By CloudWatch's names, `p95` and its like among them; undefined for what is not known here. */
export function statisticOf(name: string): Statistic | undefined {
  const share = /^p(\d{1,2}(\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (share !== undefined) return (counts) => percentile(counts, Number(share) / 100);
  return Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
}

function samples(counts: Counts): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

function sum(counts: Counts): number {
  return [...counts].reduce((all, [value, count]) => all + value * count, 0);
}

/** The smallest value that at least this share of the samples does not exceed. */
function percentile(counts: Counts, share: number): number {
  const rank = Math.ceil(samples(counts) * share);
  const values = [...counts].sort(([a], [b]) => a - b);
  let passed = 0;
  for (const [value, count] of values) {
    passed += count;
    if (passed >= rank) return value;
  }
  return values.at(-1)?.[0] ?? 0;
}

const keyOf = ({ namespace, name, dimensions }: SeriesName): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
