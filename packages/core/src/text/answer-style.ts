/** Detects an answer's indentation as a whole, where one block of it does not tell. */
import { indentOf, isBlank } from "./blanks";
import type { BlockFinder } from "./block-finder";
import { isStar } from "./indent-style";
import type { BlockChange } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import type { PlacedBlock } from "./placed-block";

/** Returns whether every indented line of a file is written anew, so that its style may be, too. */
export function replacesAllIndented(finder: BlockFinder, blocks: readonly PlacedBlock[]): boolean {
  const isIndented = (at: number) => indentOf(finder.line(at)) !== "";
  const replaced = new Set<number>();
  for (const { line, changes } of blocks) {
    for (const { oldStart, oldEnd } of changes) {
      for (let at = line + oldStart; at < line + oldEnd; at++) if (isIndented(at)) replaced.add(at);
    }
  }
  if (replaced.size === 0) return false;
  for (let at = 0; at < finder.lineCount; at++) if (isIndented(at) && !replaced.has(at)) return false;
  return true;
}

/** `isNewStyle`: all indented lines are written anew. `indentsOtherwise`: some block is quoted in other indentation than it has. */
export type AnswerStyle = { isNewStyle: boolean; indentsOtherwise: boolean };

/**
 * Returns whether a block is quoted in other indentation than it has, and not without the one that all of its lines
 * have.
 */
export function isIndentedOtherwise(finder: BlockFinder, { line, oldLines }: PlacedBlock): boolean {
  const pairs = oldLines.flatMap((text, at) =>
    isBlank(text) ? [] : [{ quoted: indentOf(text), file: indentOf(finder.line(line + at)) }],
  );
  return pairs.every(({ quoted }) => quoted !== "") && pairs.some(({ quoted, file }) => quoted !== file);
}

/** A block that shows no indentation, in an answer whose other blocks have another than the file, tells nothing of its own. */
export function refuseUnshown(finder: BlockFinder, block: PlacedBlock, changes: readonly BlockChange[]): void {
  const isShown = block.oldLines.some((line) => !isBlank(line) && indentOf(line) !== "");
  const isIndented = changes.some(({ lines }) => lines.some((line) => !isBlank(line) && indentOf(line) !== ""));
  if (isShown || !isIndented || isIndentedOtherwise(finder, block)) return;
  throw new NotCarriedOver("other blocks are indented otherwise than the file");
}

/** One space is no level: it is what is left of indentation that was collapsed. */
export function refuseCollapsed(finder: BlockFinder, changes: readonly BlockChange[]): void {
  const isCollapsed = (line: string) => indentOf(line) === " " && !isBlank(line) && !isStar(line);
  if (!changes.some(({ lines }) => lines.some(isCollapsed)) || finder.lines().some(isCollapsed)) return;
  throw new NotCarriedOver("its lines have lost their indentation");
}
