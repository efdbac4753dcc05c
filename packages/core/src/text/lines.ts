/**
 * Lines as git sees them: a line ends after "\n"; "\r" belongs to the line, so that CRLF survives and a lone CR ends nothing.
 */

/** The lines of `text` with their terminators: `splitLines(text).join("") === text`; the empty text has no lines. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = lineEnd(text, start);
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** Returns the UTF-16 offsets at which the lines of `text` start, and `text.length` as a last entry. */
export function lineStarts(text: string): Int32Array {
  const starts = new Int32Array(countLines(text) + 1);
  let line = 1;
  // A loop over characters: a search per line costs more where lines are short, and hostile texts have millions.
  for (let at = 0; at + 1 < text.length; at++) {
    if (text.charCodeAt(at) === NEWLINE) starts[line++] = at + 1;
  }
  starts[starts.length - 1] = text.length;
  return starts;
}

function countLines(text: string): number {
  let count = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) === NEWLINE) count++;
  return count;
}

const NEWLINE = 0x0a;

function lineEnd(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  return newline === -1 ? text.length : newline + 1;
}

/** A text as numbers: `ids[i]` is equal for equal lines, over all the texts that were numbered together. */
export type NumberedText = { text: string; starts: Int32Array; ids: Int32Array };

/** Returns the text of lines `from` (inclusive) to `to` (exclusive), 0-based. */
export function textOfLines(numbered: NumberedText, from: number, to: number): string {
  return numbered.text.slice(numbered.starts[from], numbered.starts[to]);
}

/**
 * Numbers the lines of several texts together, in one pass and without making a string per line (a 5 MB text may have
 * 5 million lines). Ids are dense, from 0, in order of first appearance, so nothing depends on the hash.
 */
export function numberLines(texts: readonly string[]): { texts: NumberedText[]; distinct: number } {
  const all = texts.map((text) => ({ text, starts: lineStarts(text) }));
  const total = all.reduce((sum, one) => sum + one.starts.length - 1, 0);
  const table = new LineTable(total);
  const numbered = all.map(({ text, starts }) => {
    const ids = new Int32Array(starts.length - 1);
    for (let i = 0; i < ids.length; i++) ids[i] = table.idOf(text, starts[i] as number, starts[i + 1] as number);
    return { text, starts, ids };
  });
  return { texts: numbered, distinct: table.size };
}

/** Chosen per process, so that colliding lines can't be prepared. */
const HASH_SEED = Math.floor(Math.random() * 0x7fffffff);
const HASH_FACTOR = (Math.floor(Math.random() * 0x3fffffff) * 2 + 1) | 0x10001;

/** Numbers per distinct line in `LineTable.entries`: its hash, where it starts and ends, and in which text. */
const ENTRY = { hash: 0, from: 1, to: 2, origin: 3, size: 4 } as const;

/** A hash table of lines. What is known of a line stands together, so that a lookup in a huge table touches little memory. */
class LineTable {
  size = 0;
  private readonly mask: number;
  private readonly slots: Int32Array;
  private readonly entries: Int32Array;
  private readonly origins: string[] = [];

  constructor(capacity: number) {
    let slots = 16;
    while (slots < capacity * 1.25) slots *= 2;
    this.mask = slots - 1;
    this.slots = new Int32Array(slots).fill(-1);
    this.entries = new Int32Array(capacity * ENTRY.size);
  }

  idOf(text: string, from: number, to: number): number {
    const hash = hashRange(text, from, to);
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const id = this.slots[slot] as number;
      if (id === -1) return this.add(slot, hash, text, from, to);
      if (this.entries[id * ENTRY.size + ENTRY.hash] === hash && this.equals(id, text, from, to)) return id;
    }
  }

  private add(slot: number, hash: number, text: string, from: number, to: number): number {
    if (this.origins.length === 0 || this.origins[this.origins.length - 1] !== text) this.origins.push(text);
    const id = this.size++;
    this.slots[slot] = id;
    const entry = id * ENTRY.size;
    this.entries[entry + ENTRY.hash] = hash;
    this.entries[entry + ENTRY.from] = from;
    this.entries[entry + ENTRY.to] = to;
    this.entries[entry + ENTRY.origin] = this.origins.length - 1;
    return id;
  }

  private equals(id: number, text: string, from: number, to: number): boolean {
    const entry = id * ENTRY.size;
    let at = this.entries[entry + ENTRY.from] as number;
    const end = this.entries[entry + ENTRY.to] as number;
    if (end - at !== to - from) return false;
    const origin = this.origins[this.entries[entry + ENTRY.origin] as number] as string;
    for (let other = from; at < end; at++, other++) {
      if (origin.charCodeAt(at) !== text.charCodeAt(other)) return false;
    }
    return true;
  }
}

function hashRange(text: string, from: number, to: number): number {
  let hash = HASH_SEED ^ (to - from);
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), HASH_FACTOR);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return hash ^ (hash >>> 13);
}
