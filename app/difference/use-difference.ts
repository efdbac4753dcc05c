import { diffKnownLines, splitLines } from "@redline/core/text/index";
import { useSearchParams } from "@remix-run/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Lines } from "../editor/code-html";
import { Document } from "../editor/document";
import { type Span, unpackSpans } from "../editor/spans";
import type { OpenFile, PageFinding } from "../review/page";
import type { Decisions } from "./decided-hunks";
import type { DifferenceView } from "./difference-html";
import { blankHunks, type DiffRow, layOutRows } from "./layout";
import { findMovedLines, type MovedLines } from "./moved";
import { type PageDifference, VIEW_COOKIE } from "./page";

/** Where lines are in the code that is shown. */
export type CodePlace = {
  /** Returns where a line is, in px from the top of the code; undefined before it is known. */
  topOfLine?: (line: number) => number;
  /** Shows the line of an offset. */
  reveal: (offset: number) => void;
};

/** The open file's difference, as it is shown now. */
export type ShownDifference = {
  view: DifferenceView;
  rows: readonly DiffRow[];
  moved: MovedLines;
  before: { text: string; spans: readonly Span[] };
  after: readonly string[];
  /** Changes of blanks alone, and whether they are folded. */
  blanks: number;
  isBlankFolded: boolean;
  onView: (view: DifferenceView) => void;
  onShow: (lines: Lines) => void;
  onBlanks: () => void;
};

type Options = {
  difference: PageDifference | undefined;
  file: OpenFile | null;
  document: Document;
  /** Lines that are never folded: those with a card. */
  noted: readonly PageFinding[];
  threads: readonly { line: number; lastLine: number }[];
  /** Lines at which something was reverted are not folded either. */
  decisions: Decisions;
};

const NOTHING = { hunks: [], before: [], after: [], blank: new Set<number>() };

/** Returns the open file's difference; undefined where the whole file is shown, or there is none. */
export function useDifference({
  difference,
  file,
  document,
  noted,
  threads,
  decisions,
}: Options): ShownDifference | undefined {
  const [query] = useSearchParams();
  const open = difference?.open;
  const [view, setView] = useState(difference?.view);
  const [expanded, setExpanded] = useState<{ hash?: string; lines: Lines[] }>({ lines: [] });
  const [isBlankFolded, setBlankFolded] = useState(query.get("blanks") === "folded");
  useEffect(() => setView(difference?.view), [difference?.view]);
  const base = useMemo(() => new Document(open?.before?.text ?? ""), [open?.before?.text]);
  const compared = useMemo(() => {
    if (!open || open.isTooLong || open.textless) return NOTHING;
    const hunks = diffKnownLines(base.stored, document.stored, open.parts);
    const [before, after] = [textLines(base.text), textLines(document.text)];
    return { hunks, before, after, blank: blankHunks(hunks, before, after) };
  }, [open, base, document]);
  const moved = useMemo(() => findMovedLines(compared.hunks, compared.before, compared.after), [compared]);
  const asked = query.get("show");
  const rows = useMemo(() => {
    const near = ({ first, last }: Lines): Lines => ({ first: first - 3, last: last + 3 });
    const shown = [
      ...parseRanges(asked),
      ...(expanded.hash === file?.hash ? expanded.lines : []),
      ...noted.map(({ startLine, endLine }) => near({ first: startLine, last: Math.min(endLine, startLine + 5) })),
      ...threads.map(({ line, lastLine }) => near({ first: line, last: lastLine })),
      ...decisions.revertedLines.map((line) => near({ first: line, last: line })),
    ];
    return layOutRows({
      ...{ hunks: compared.hunks, aCount: compared.before.length, bCount: compared.after.length, shown },
      ...(open?.parts && { parts: open.parts }),
      folded: isBlankFolded ? compared.blank : new Set<number>(),
    });
  }, [compared, asked, expanded, file?.hash, noted, threads, decisions, open?.parts, isBlankFolded]);
  const spans = useMemo(() => (open?.before ? unpackSpans(open.before.packed) : []), [open?.before]);
  const before = useMemo(() => ({ text: base.text, spans }), [base, spans]);
  const onView = useCallback((next: DifferenceView) => {
    setView(next);
    // biome-ignore lint/suspicious/noDocumentCookie: the server renders the view that was chosen last
    globalThis.document.cookie = `${VIEW_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  }, []);
  const onShow = useCallback(
    (lines: Lines) =>
      setExpanded((now) => ({ hash: file?.hash, lines: [...(now.hash === file?.hash ? now.lines : []), lines] })),
    [file?.hash],
  );
  const onBlanks = useCallback(() => setBlankFolded((is) => !is), []);
  if (!difference || !open || !view || view === "file") return undefined;
  const { after } = compared;
  const shown = { view, rows, moved, before, after, blanks: compared.blank.size };
  return { ...shown, isBlankFolded, onView, onShow, onBlanks };
}

const textLines = (text: string): string[] => splitLines(text).map((line) => line.replace(/\n$/, ""));

/** Parses "12-40,60-61". */
function parseRanges(text: string | null): Lines[] {
  return [...(text ?? "").matchAll(/(\d{1,8})-(\d{1,8})/g)].map(([, first, last]) => ({
    first: Number(first),
    last: Number(last),
  }));
}
