import { type FormEvent, type MouseEvent, type RefObject, useEffect } from "react";
import { type CodePaneProps, digitsStyle } from "../review/code-pane";
import { parseActionForm } from "../review/finding-card";
import { useLineLinks } from "./line-links";
import type { PageDifference } from "./page";
import { parseDecisionForm } from "./parse-decision-form";
import type { ShownDifference } from "./use-difference";

type DifferencePaneProps = Pick<CodePaneProps, "file" | "onThread" | "onSelect" | "onAction"> & {
  difference: PageDifference;
  shown: ShownDifference;
  html: string;
  code: RefObject<HTMLDivElement>;
  /** Called when lines may have moved, with a function that returns where they are. */
  onGeometry: (topOfLine: (line: number) => number) => void;
  onViewed: (key: string) => void;
};

/** The open file's difference, with findings, redlines, threads and decisions on its lines. */
export function DifferencePane(props: DifferencePaneProps) {
  const { difference, shown, file, html, code, onGeometry } = props;
  const { rows, after, view } = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows stand elsewhere
  useEffect(() => {
    if (code.current) onGeometry(topOfLine(code.current));
  }, [onGeometry, html]);
  const lineLinks = useLineLinks(code);
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey) return;
    const target = event.target as Element;
    if (lineLinks.onClick(event)) return;
    const viewed = target.closest<HTMLElement>(".hunk-viewed")?.dataset.view;
    if (viewed !== undefined) return props.onViewed(viewed);
    const link = target.closest<HTMLAnchorElement>("a.code-sign, a.code-thread, a.diff-expand");
    if (!link || event.shiftKey) return;
    event.preventDefault();
    const { first, last, blanks } = link.dataset;
    const named = new URL(link.href).searchParams;
    const [identity, thread] = [named.get("finding"), named.get("thread")];
    if (first && last) shown.onShow({ first: Number(first), last: Number(last) });
    else if (blanks !== undefined) shown.onBlanks();
    else if (link.matches(".code-thread") && thread) props.onThread(thread);
    else if (identity) props.onSelect(identity);
  };
  const onSubmit = (event: FormEvent) => {
    const form = event.target as HTMLFormElement;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const action = form.matches(".hunk-bar")
      ? parseDecisionForm(form, submitter?.getAttribute("value") ?? null)
      : parseActionForm(form, submitter);
    if (!action) return;
    event.preventDefault();
    props.onAction(action);
  };
  const { open } = difference;
  return (
    <>
      <p className="sr-only" role="status">
        {lineLinks.announcement}
      </p>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only links and buttons inside are clicked, and they have the keyboard already */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: likewise */}
      <div
        ref={code}
        className="code code-static difference"
        data-view={view}
        style={digitsStyle(Math.max(file.lines, after.length))}
        onClick={onClick}
        onSubmit={onSubmit}
        suppressHydrationWarning
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by renderDifferenceHtml, which escapes every text it is given
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {open && rows.every(({ kind }) => kind !== "change" && kind !== "blanks") && (
        <p className="difference-note">{whyNoRows(open)}</p>
      )}
    </>
  );
}

function whyNoRows(open: NonNullable<PageDifference["open"]>): string {
  if (open.textless) return `Not shown: ${open.textless}.`;
  if (open.isTooLong) return "This file is too long to be shown beside its base. Open the whole file instead.";
  if (open.oldMode !== open.newMode && open.status === "modified")
    return `Mode changed from ${open.oldMode} to ${open.newMode}.`;
  if (open.status === "renamed" || open.status === "copied") return `The file was ${open.status} without changes.`;
  if (open.status === "added" || open.status === "deleted") return "The file is empty.";
  return "No changes are left in this file.";
}

/** Returns where a line of the head is, from the top of the code: of one that is folded, its fold's. */
function topOfLine(code: HTMLElement): (line: number) => number {
  const rows = [...code.querySelectorAll<HTMLElement>('.code-row[id^="L"]')];
  const numbers = rows.map((row) => Number(row.id.slice(1)));
  return (line) => {
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    const row = rows[Math.min(low, rows.length - 1)];
    return row ? row.getBoundingClientRect().top - code.getBoundingClientRect().top : 0;
  };
}
