/** A part of a Markdown text that can be rendered independently. */
export type Block =
  | { kind: "markdown"; text: string; language?: undefined }
  | { kind: "code"; text: string; language?: string };

type Fence = { mark: string; length: number };

/**
 * Splits a text into independently rendered blocks: at blank lines before a new construct, and around fences. A text
 * with references between its parts (definitions, footnotes), and from open HTML on, is not split.
 */
export function splitBlocks(given: string): Block[] {
  const text = given.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
  const splitter = new Splitter();
  const lines = text.split("\n");
  // A trailing newline does not start another line.
  if (lines[lines.length - 1] === "") lines.pop();
  for (const line of lines) splitter.add(line);
  return splitter.refersElsewhere ? [{ kind: "markdown", text }] : splitter.end();
}

class Splitter {
  refersElsewhere = false;
  private readonly blocks: Block[] = [];
  private lines: string[] = [];
  /** A fence at the margin: a block of its own. */
  private code: (Fence & { info: string; opening: string; lines: string[] }) | undefined;
  /** A fence in the block that is being gathered. */
  private inner: Fence | undefined;
  /** From here on the text is one block: HTML, and doubtful indentation, reach as far as only its reader knows. */
  private isUnclear = false;
  /** HTML reaches to the next blank line, and a fence in it may be none. */
  private isHtmlOpen = false;
  private itemIndent: number | undefined;
  /** A line that is indented less than the item's content goes on with its paragraph, or ended the list. */
  private isListDoubtful = false;

  add(line: string): void {
    if (this.code) {
      if (isClosing(line, this.code)) this.endCode();
      else this.code.lines.push(line);
      return;
    }
    const fence = this.isUnclear || this.isHtmlOpen ? undefined : fenceAtMargin(line);
    // Text at the margin is in no list; a fence that is open there is another matter.
    if (fence && !this.inner) {
      this.endMarkdown();
      this.code = { ...fence, opening: line, lines: [] };
      return;
    }
    if (this.startsNewBlock(line)) this.endMarkdown();
    this.gather(line);
  }

  end(): Block[] {
    if (this.code) this.endCode();
    // At its end a text keeps blank lines: a fence may be open in its last block.
    this.push(this.lines);
    return this.blocks;
  }

  private gather(line: string): void {
    this.lines.push(line);
    if (this.inner) {
      if (isClosing(line, this.inner)) this.inner = undefined;
      return;
    }
    if (line.includes("]:")) this.refersElsewhere = true;
    if (/<(?:script|pre|style|textarea|[!?])/i.test(line)) this.isUnclear = true;
    if (line.trim() === "") this.isHtmlOpen = false;
    else if (/<[A-Za-z/]/.test(line)) this.isHtmlOpen = true;
    this.followLists(line);
    this.followFences(line);
  }

  /** Tracks the content indentation of list items: it decides whether a fence belongs to the list or ends it. */
  private followLists(line: string): void {
    const item = LIST_ITEM.exec(line);
    if (!item) {
      const isOutside = line.trim() !== "" && indentOf(line) < (this.itemIndent ?? 0);
      if (isOutside) this.isListDoubtful = true;
      return;
    }
    const [, before = "", mark = "", gap = ""] = item;
    if (this.itemIndent !== undefined && before.length >= this.itemIndent) return;
    // In a paragraph only some items begin a list.
    const previous = this.lines[this.lines.length - 2];
    const isInterrupting = this.itemIndent === undefined && previous !== undefined && previous.trim() !== "";
    if (gap.includes("\t") || (isInterrupting && !/^(?:[-+*]|1[.)])$/.test(mark))) this.isUnclear = true;
    const isEmpty = line.slice(item[0].length).trim() === "";
    this.itemIndent = before.length + mark.length + (isEmpty || gap.length > 4 ? 1 : gap.length);
    if (isInterrupting && isEmpty) this.isUnclear = true;
  }

  private followFences(line: string): void {
    const [, indent = "", marks = ""] = /^([ \t]*)(`{3,}(?!.*`)|~{3,})/.exec(line) ?? [];
    if (marks === "" || indent.length > 3) return;
    if (this.isHtmlOpen) this.isUnclear = true;
    if (this.itemIndent !== undefined && (indent.includes("\t") || (this.isListDoubtful && indent !== ""))) {
      this.isUnclear = true;
    } else if (indent.length < (this.itemIndent ?? 4)) {
      this.inner = { mark: marks.charAt(0), length: marks.length };
    }
  }

  /** Returns whether an unindented line after a blank one starts a new block rather than continuing a list. */
  private startsNewBlock(line: string): boolean {
    if (this.inner || this.isUnclear || /^\s|^$/.test(line) || LIST_ITEM.test(line)) return false;
    return this.lines.length > 0 && this.lines[this.lines.length - 1]?.trim() === "";
  }

  private endMarkdown(): void {
    while (this.lines[this.lines.length - 1]?.trim() === "") this.lines.pop();
    this.push(this.lines);
    this.lines = [];
    this.inner = undefined;
    this.isHtmlOpen = false;
    this.itemIndent = undefined;
    this.isListDoubtful = false;
  }

  private push(lines: readonly string[]): void {
    const text = `${lines.join("\n")}\n`;
    if (text.trim() !== "") this.blocks.push({ kind: "markdown", text });
  }

  private endCode(): void {
    if (!this.code) return;
    const { info, lines } = this.code;
    const language = /^[^\s]+/.exec(info)?.[0];
    const text = lines.map((line) => `${line}\n`).join("");
    this.blocks.push({ kind: "code", text, ...(language && { language }) });
    this.code = undefined;
  }
}

const LIST_ITEM = /^( {0,3})([-+*]|\d{1,9}[.)])([ \t]+|$)/;

/** Parses an unindented fence; one with character references in its info string is left to the parser. */
function fenceAtMargin(line: string): (Fence & { info: string }) | undefined {
  const match = /^(`{3,}|~{3,})[ \t]*([^&\\]*)$/.exec(line);
  if (!match) return undefined;
  const [, marks = "", info = ""] = match;
  if (marks.startsWith("`") && info.includes("`")) return undefined;
  return { mark: marks.charAt(0), length: marks.length, info: info.trim() };
}

function isClosing(line: string, { mark, length }: Fence): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  return match?.[1]?.startsWith(mark) === true && match[1].length >= length;
}

/** Counts leading spaces; a tab ends them. */
const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
