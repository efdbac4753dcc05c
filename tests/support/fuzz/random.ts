import { Random } from "../random";

/** Draws that a seed repeats. */
export interface Draw {
  /** From 0 to 1, without 1. */
  (): number;
  one<T>(of: readonly T[]): T;
  /** A whole number below `limit`. */
  below(limit: number): number;
}

export function drawing(seed: number): Draw {
  const random = new Random(seed);
  return Object.assign(() => random.next(), {
    below: (limit: number) => random.below(limit),
    one: <T>(of: readonly T[]) => random.pick(of),
  });
}
