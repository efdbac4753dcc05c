import type { SyntaxNode } from "@lezer/common";
import { mapOffset } from "../edits";
import type { Subject } from "./fix-safety";

/** Returns the innermost node with one of the names around all edits. */
export function nodeAround({ syntax, before, edits }: Subject, names: RegExp): SyntaxNode | undefined {
  const [from, to] = [edits[0]?.start ?? 0, edits.at(-1)?.end ?? 0];
  const changed = before.slice(from, to);
  const isBlank = changed.trim() === "";
  const start = isBlank ? from : from + changed.search(/\S/);
  const end = isBlank ? to : from + changed.trimEnd().length;
  for (let node = syntax?.nodeAt(start, end); node; node = node.parent ?? undefined) {
    if (names.test(node.name) && node.from <= start && node.to >= end) return node;
  }
  return undefined;
}

/** Returns a node's text before and after the fix. */
export function bothTexts({ before, after, edits }: Subject, { from, to }: SyntaxNode): [string, string] {
  const end = mapOffset(edits, to, "end");
  return [before.slice(from, to), after.slice(mapOffset(edits, from, "start"), end)];
}
