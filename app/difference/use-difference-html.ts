import { useSearchParams } from "@remix-run/react";
import { useMemo } from "react";
import type { Lines } from "../editor/code-html";
import { unpackSpans } from "../editor/spans";
import type { CodePaneProps } from "../review/code-pane";
import type { Decisions } from "./decided-hunks";
import { renderDifferenceHtml } from "./difference-html";
import type { DecisionForm } from "./hunk-html";
import { enclosingLine } from "./layout";
import type { ShownDifference } from "./use-difference";

type Drawn = Pick<
  CodePaneProps,
  "file" | "document" | "redlines" | "marks" | "selected" | "threads" | "tinted" | "hrefOf" | "threadHref"
> & { shown: ShownDifference | undefined; decisions: Decisions; form?: DecisionForm; viewed: ReadonlySet<string> };

/** Returns the open file's difference as HTML, with findings, redlines, threads and decisions in place. */
export function useDifferenceHtml(props: Drawn): string {
  const { file, document, redlines, marks, selected, threads, tinted, hrefOf, threadHref } = props;
  const { shown, decisions, form, viewed } = props;
  const [query] = useSearchParams();
  const address = query.toString();
  const spans = useMemo(() => unpackSpans(file.packed), [file.packed]);
  const { rows, moved, before, after, view } = shown ?? {};
  return useMemo(() => {
    if (!rows || !moved || !before || !after || !view) return "";
    const hrefWith = (name: string, value: string) => {
      const next = new URLSearchParams(address);
      next.set("file", file.path);
      next.set(name, value);
      return `?${next}`;
    };
    const asked = new URLSearchParams(address).get("show");
    return renderDifferenceHtml({
      ...{ view, rows, moved, before, decisions, form, viewed },
      after: { text: document.text, spans, redlines, marks, selected, threads, tinted, hrefOf, threadHref },
      showHref: ({ first, last }: Lines) => hrefWith("show", [...(asked ? [asked] : []), `${first}-${last}`].join(",")),
      blanksHref: hrefWith("blanks", "shown"),
      enclosing: (line) => {
        const at = enclosingLine(after, line);
        return at === undefined ? undefined : { line: at, text: after[at - 1] ?? "" };
      },
    });
  }, [
    address,
    view,
    rows,
    moved,
    before,
    after,
    decisions,
    form,
    viewed,
    file.path,
    document,
    spans,
    redlines,
    marks,
    selected,
    threads,
    tinted,
    hrefOf,
    threadHref,
  ]);
}
