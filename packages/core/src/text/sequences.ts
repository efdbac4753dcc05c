/** Operations that the comparisons of sequences share. */

/** Work still allowed, in steps of the inner loops; shared by the comparisons of one call, so that the call is bounded. */
export type WorkBudget = { steps: number };

/** Marks what differs: `aChanged[i]` and `bChanged[j]` are set for elements outside the common sequence found. */
export type ChangeMarks = { a: Uint8Array; b: Uint8Array };

/** A part of both sequences, half-open, still to be compared; `exact` asks for a shortest script. */
export type Box = { aFrom: number; aTo: number; bFrom: number; bTo: number; exact: boolean };

/** Returns about √n, rounded to a power of two as in git. */
export function roughSquareRoot(n: number): number {
  let root = 1;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 4)) root *= 2;
  return root;
}
