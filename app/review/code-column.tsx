import { type RefObject, useState } from "react";
import type { MessageKind } from "../conversation/page";
import { SelectionBar } from "../conversation/selection-bar";
import { hasBuiltinFinding } from "../conversation/use-ask";
import { LazyDifferenceBar, LazyDifferenceColumn } from "../difference/lazy";
import type { CodePlace } from "../difference/use-difference";
import type { OldFindings } from "../difference/use-new-findings";
import type { Lines } from "../editor/code-html";
import type { CodeEditor } from "../editor/create-editor";
import { modelReviewHref } from "../model-review/choice";
import { CodePane, type CodePaneProps } from "./code-pane";
import { isDifferenceShown, type PageFinding, type ReviewPage } from "./page";
import type { PendingActions } from "./pending-actions";

type CodeColumnProps = CodePaneProps & {
  page: ReviewPage;
  editor: CodeEditor | null;
  scroller: RefObject<HTMLElement>;
  /** The selected lines; null when nothing is selected, or a message about them is being written. */
  lines: Lines | null;
  onAsk: (intent: MessageKind) => void;
  /** Escape leads here: behind the code, so that the next Tab goes on to the findings. */
  end: RefObject<HTMLParagraphElement>;
  noted: readonly PageFinding[];
  old: OldFindings;
  pending: PendingActions;
  onPlace: (place: CodePlace) => void;
};

/** The open file's code with the toolbar of its selected lines. */
export function CodeColumn(props: CodeColumnProps) {
  const { page, editor, scroller, lines, onAsk, end, noted, old, pending, onPlace, ...code } = props;
  const { path } = code.file;
  const { difference } = page;
  const listed = page.files.find((each) => each.path === path);
  const [usedLines, setUsedLines] = useState<Lines | null>(null);
  const asked =
    lines === null || lines === usedLines
      ? null
      : {
          ...{ lines, editor, scroller },
          capability: page.replyCapability,
          hasBuiltinFinding: hasBuiltinFinding(page, { path, lines }),
          reviewHref: modelReviewHref(page.session.id, path, lines),
          onSelect: (intent: MessageKind) => {
            setUsedLines(lines);
            onAsk(intent);
          },
        };
  return (
    <section className="review-code" aria-label={`Code of ${path}`}>
      <h2 className="sr-only">{path}</h2>
      {difference && listed && isDifferenceShown(page) ? (
        <LazyDifferenceColumn {...code} {...{ page, difference, listed, noted, old, pending, onPlace, asked }} />
      ) : (
        <>
          {difference && listed && <LazyDifferenceBar {...{ old, difference }} file={listed} />}
          <CodePane {...code} />
          {asked && <SelectionBar {...asked} />}
        </>
      )}
      <p ref={end} tabIndex={-1} className="sr-only">
        End of the code of {path}
      </p>
    </section>
  );
}
