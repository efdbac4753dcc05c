/** Draws that a seed repeats. */
export interface Draw {
  /** From 0 to 1, without 1. */
  (): number;
  one<T>(of: readonly T[]): T;
  /** A whole number below `limit`. */
  below(limit: number): number;
}

/** Mulberry32. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(draw() * limit);
  return Object.assign(draw, { below, one: <T>(of: readonly T[]) => of[below(of.length)] as T });
}
