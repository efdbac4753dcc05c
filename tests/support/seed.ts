/**
 * The seed of inputs that tests draw: the same at each run, so that a change fails for what it did. `REDLINE_SEED=<number>`
 * repeats another, `REDLINE_SEED=draw` draws one.
 */
import fc from "fast-check";

const chosen = process.env.REDLINE_SEED;

export function testSeed(seed: number): number {
  if (chosen === undefined) return seed;
  return chosen === "draw" ? Math.floor(Math.random() * 2 ** 31) : Number(chosen);
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: testSeed(20_261_130) });
