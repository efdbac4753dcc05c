/** Finds the end of a JSON object or list by its brackets alone, in the same way for a stream and for a whole text. */

type Opening = "{" | "[";

/**
 * Models leave brackets out. One that closes goes with the last of its kind that is open, whatever was left open behind
 * that; one that closes nothing counts for nothing.
 */
export class JsonBrackets {
  private readonly open: Opening[] = [];
  private readonly count = { "{": 0, "[": 0 };
  private isInString = false;
  private isEscaped = false;

  /** True at the bracket that closes the first one. */
  closes(char: string): boolean {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (char === "\\") this.isEscaped = true;
      else if (char === '"') this.isInString = false;
    } else if (char === '"') this.isInString = true;
    else if (char === "{" || char === "[") {
      this.open.push(char);
      this.count[char]++;
    } else if (char === "}") return this.close("{");
    else if (char === "]") return this.close("[");
    return false;
  }

  private close(opening: Opening): boolean {
    if (this.count[opening] === 0) return false;
    for (let last = this.open.pop(); last !== undefined; last = this.open.pop()) {
      this.count[last]--;
      if (last === opening) break;
    }
    return this.open.length === 0;
  }
}

/** Returns the end of the object or list that begins at `from`; undefined while it is incomplete. */
export function endOfJson(text: string, from: number): number | undefined {
  const brackets = new JsonBrackets();
  for (let at = from; at < text.length; at++) if (brackets.closes(text[at] as string)) return at + 1;
  return undefined;
}
