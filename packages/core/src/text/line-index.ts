/** Tells lines and columns of offsets in a text. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
  }

  get count(): number {
    return this.starts.length;
  }

  /** The 1-based line and column of an offset. A byte order mark has no column, as editors do not show it. */
  placeOf(offset: number): [line: number, column: number] {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const mark = low === 0 && this.text.startsWith("\uFEFF") ? 1 : 0;
    return [low + 1, Math.max(0, offset - (this.starts[low] as number) - mark) + 1];
  }

  /** The exclusive end of a range. A range that ends with a line's end ends on that line, not on the next one. */
  endPlaceOf(start: number, end: number): [line: number, column: number] {
    if (end <= start || this.text[end - 1] !== "\n") return this.placeOf(end);
    return this.placeOf(end - 1);
  }

  /** The offset at which a line begins. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** A line without its end. */
  lineText(line: number): string {
    return this.text.slice(this.startOf(line), this.startOf(line + 1)).replace(/\r?\n$/, "");
  }
}
