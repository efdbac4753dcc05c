/** A place in a markdown text: how its line began, and whether it is in fenced code. */
export class TextPosition {
  private line = "";
  private fence: string | undefined;

  get isInFence(): boolean {
    return this.fence !== undefined || markOf(this.line) !== undefined;
  }

  get isLineStart(): boolean {
    return this.line.trim() === "";
  }

  copy(): TextPosition {
    return Object.assign(new TextPosition(), this);
  }

  pass(text: string): void {
    for (const char of text) {
      if (char === "\n") this.endLine();
      else if (this.line.length < MAX_LINE_CHARS) this.line += char;
    }
  }

  private endLine(): void {
    const mark = markOf(this.line);
    if (this.fence === undefined) this.fence = mark;
    else if (mark?.startsWith(this.fence) && this.line.trim() === mark) this.fence = undefined;
    this.line = "";
  }
}

/** More of a line tells nothing. */
const MAX_LINE_CHARS = 200;

const markOf = (line: string): string | undefined => /^[ \t]*(`{3,}|~{3,})/.exec(line)?.[1];
