import { type NumberedText, textOfLines } from "./lines";
import type { Block } from "./merge-blocks";
import type { MergeSides } from "./merge-sides";

/** Names of both sides in the markers of conflicts, and how many characters begin one (7, as git's default is). */
export type MarkerLabels = { ours: string; theirs: string; markerLength?: number };

/**
 * Returns the merged text with a pair of markers around each conflict, byte for byte as `git merge-file -p` prints it.
 */
export function mergedText(
  sides: MergeSides,
  blocks: readonly Block[],
  { ours: oursLabel, theirs: theirsLabel, markerLength = 7 }: MarkerLabels,
): string {
  const { ours, theirs } = sides;
  const parts: string[] = [];
  let at = 0;
  for (const block of blocks) {
    if (block.kind === "both") continue;
    parts.push(textOfLines(ours, at, block.oursStart));
    at = block.oursEnd;
    if (block.kind === "ours") parts.push(textOfLines(ours, block.oursStart, block.oursEnd));
    if (block.kind === "theirs") parts.push(textOfLines(theirs, block.theirsStart, block.theirsEnd));
    if (block.kind !== "conflict") continue;
    const newline = marksEndInCrlf(sides, block) ? "\r\n" : "\n";
    parts.push(
      `${"<".repeat(markerLength)} ${oursLabel}${newline}`,
      ended(textOfLines(ours, block.oursStart, block.oursEnd), newline),
      "=".repeat(markerLength) + newline,
      ended(textOfLines(theirs, block.theirsStart, block.theirsEnd), newline),
      `${">".repeat(markerLength)} ${theirsLabel}${newline}`,
    );
  }
  parts.push(textOfLines(ours, at, ours.ids.length));
  return parts.join("");
}

function ended(text: string, newline: string): string {
  return text === "" || text.endsWith("\n") ? text : text + newline;
}

/** Markers end in CRLF only where both sides do just before the conflict, as far as that can be told, and the base does. */
function marksEndInCrlf({ base, ours, theirs }: MergeSides, block: Block): boolean {
  return (
    lineEndsInCrlf(ours, Math.max(0, block.oursStart - 1)) !== false &&
    lineEndsInCrlf(theirs, Math.max(0, block.theirsStart - 1)) !== false &&
    lineEndsInCrlf(base, 0) === true
  );
}

/** Undefined where the text has no terminated line to tell by. */
function lineEndsInCrlf(side: NumberedText, line: number): boolean | undefined {
  if (side.ids.length === 0) return undefined;
  const endOf = (at: number) =>
    side.text.slice(Math.max(side.starts[at] as number, (side.starts[at + 1] as number) - 2), side.starts[at + 1]);
  if (endOf(line).endsWith("\n")) return endOf(line) === "\r\n";
  return line === 0 ? undefined : endOf(line - 1) === "\r\n";
}
