const STEPS = [1, 2, 2.5, 5, 10];

/** Returns the top of a scale that begins at 0: `ticks` round steps that reach the largest value. */
export function scaleTop(max: number, ticks: number): number {
  if (max <= 0) return ticks;
  const power = 10 ** Math.floor(Math.log10(max / ticks));
  const step = STEPS.find((each) => each * power * ticks >= max) ?? 10;
  return step * power * ticks;
}
