import { detectLanguage } from "@redline/core/reviewers/schema";
import type { ReactNode } from "react";
import type { CharRange } from "../editor/changed-words";
import { useHighlighting } from "../markdown/use-highlighting";

type MergeCodeProps = {
  path: string;
  text: string;
  /** The words that the other side does not have, in order. */
  changed?: readonly CharRange[];
};

/** Lines of a file in a merge, with syntax colours once the grammar is loaded. */
export function MergeCode({ path, text, changed = [] }: MergeCodeProps) {
  const parts = useHighlighting(text, detectLanguage(path, "")) ?? [{ from: 0, text, className: "" }];
  return (
    <>
      {parts.map((part) => (
        <span key={part.from} className={part.className || undefined}>
          {markWords(part, changed)}
        </span>
      ))}
    </>
  );
}

/** Marks the ranges' characters in a part of the text that begins at `from`. */
function markWords({ from, text }: { from: number; text: string }, ranges: readonly CharRange[]): ReactNode[] {
  const end = from + text.length;
  let at = from;
  const marked = ranges
    .filter((range) => range.from < end && range.to > from)
    .flatMap((range) => {
      const [start, stop] = [Math.max(range.from, from), Math.min(range.to, end)];
      const before = text.slice(at - from, start - from);
      at = stop;
      return [before, <mark key={start}>{text.slice(start - from, stop - from)}</mark>];
    });
  return [...marked, text.slice(at - from)];
}
