/** One measured number and the goal it has. `goal` is a bound: `ok` says whether `value` keeps it. */
export type Figure = {
  bench: string;
  name: string;
  value: number;
  unit: string;
  goal: number;
  ok: boolean;
  /** The baseline of a ratio, measured side by side in the same run. */
  ratio_to?: string;
};

export interface Bench {
  run(): Promise<Figure[]>;
}

type Measured = Pick<Figure, "bench" | "name" | "value" | "unit" | "goal" | "ratio_to">;

/** A figure that is good when it stays below its goal. */
export const atMost = (figure: Measured): Figure => ({ ...figure, ok: figure.value <= figure.goal });

/** A figure that is good when it reaches its goal. */
export const atLeast = (figure: Measured): Figure => ({ ...figure, ok: figure.value >= figure.goal });

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = 0, above = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

export const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));
