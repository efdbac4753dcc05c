import { mayBePath } from "./labels";
import {
  closesFence,
  diffOpening,
  type FenceOpening,
  isReplaceMarker,
  isSearchMarker,
  jsonOpening,
  searchMarker,
} from "./markers";

export type FenceKind = "search" | "diff" | "json" | "code";

/** A fence that may hold a suggestion: its text as it came, and its lines without the fence's indentation. */
export class BufferedFence {
  kind: FenceKind | undefined;
  readonly lines: string[] = [];
  private isInBlock = false;
  private readonly bodyStart: number;

  constructor(
    readonly opening: FenceOpening,
    /** The opening line, and then all that came. */
    public raw: string,
  ) {
    this.bodyStart = raw.length;
    if (/^(?:diff|patch|udiff)\b/i.test(opening.info)) this.kind = "diff";
  }

  get body(): string {
    return this.raw.slice(this.bodyStart);
  }

  /** Takes a whole line; true when it closes the fence. */
  addLine(line: string): boolean {
    if (!this.isInBlock && closesFence(line, this.opening, this.kind === "diff")) return true;
    if (isSearchMarker(line)) this.isInBlock = true;
    else if (isReplaceMarker(line)) this.isInBlock = false;
    const { indent } = this.opening;
    this.lines.push(indent > 0 && line.slice(0, indent).trim() === "" ? line.slice(indent) : line);
    return false;
  }

  /** The last block is whole, so that nothing but the closing line can be missing. */
  get hasWholeBlocks(): boolean {
    return this.kind === "search" && !this.isInBlock;
  }

  /** Tells what the fence holds as soon as its text does. */
  decide(): FenceKind | undefined {
    this.kind ??= fenceKind(this.body);
    return this.kind;
  }
}

/** The kind of a fence by the beginning of its text; undefined while that may still become one or another. */
function fenceKind(body: string): FenceKind | undefined {
  const text = body.replace(/^(?:[ \t\r]*\n)+/, "");
  const [first = "", second, third] = text.split("\n", 3);
  const isWhole = second !== undefined;
  const json = jsonOpening(text);
  if (json === "yes") return "json";
  const diff = diffOpening(first);
  if (diff === "yes") return "diff";
  if (isWhole && isSearchMarker(first)) return "search";
  if (json === "maybe") return undefined;
  if (!isWhole) {
    return diff === "maybe" || searchMarker(first) !== "no" || mayBePath(first) ? undefined : "code";
  }
  // A path, and then the first block.
  if (!mayBePath(first)) return "code";
  if (third !== undefined) return isSearchMarker(second) ? "search" : "code";
  return searchMarker(second) === "no" ? "code" : undefined;
}
