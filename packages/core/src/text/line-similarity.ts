/**
 * How alike two lines are, by the pairs of neighbouring characters that they share (Dice's coefficient on bigrams), white
 * space aside: 0 for nothing in common, 1 for the same characters.
 */
export class LineProfile {
  readonly text: string;
  private readonly pairs = new Map<number, number>();
  private readonly count: number;

  constructor(line: string) {
    this.text = compact(line.length > MAX_COMPARED ? line.slice(0, MAX_COMPARED) : line);
    for (let at = 0; at + 1 < this.text.length; at++) {
      const pair = (this.text.charCodeAt(at) << 16) | this.text.charCodeAt(at + 1);
      this.pairs.set(pair, (this.pairs.get(pair) ?? 0) + 1);
    }
    this.count = Math.max(0, this.text.length - 1);
  }

  similarity(other: LineProfile): number {
    if (this.text === other.text) return 1;
    if (this.count + other.count === 0) return 0;
    let shared = 0;
    for (const [pair, times] of this.pairs) shared += Math.min(times, other.pairs.get(pair) ?? 0);
    return (2 * shared) / (this.count + other.count);
  }
}

/** Past this many characters the rest of a line is not looked at. */
const MAX_COMPARED = 400;

function compact(line: string): string {
  let kept = "";
  for (const char of line) if (char.trim() !== "") kept += char;
  return kept;
}
