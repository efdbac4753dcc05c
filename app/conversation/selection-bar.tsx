import { Link } from "@remix-run/react";
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Lines } from "../editor/code-html";
import type { CodeEditor } from "../editor/create-editor";
import { type Answerers, canBeAnswered, INTENT_NAMES, type Intent, linesWords } from "./page";

type SelectionBarProps = {
  lines: Lines;
  /** Where lines stand; null while the code is as the server drew it. */
  editor: CodeEditor | null;
  scroller: RefObject<HTMLElement>;
  answerers: Answerers;
  hasBuiltinFinding: boolean;
  /** Where a review by a model of these lines is asked for. */
  reviewHref: string;
  onIntent: (intent: Intent) => void;
};

const KEYS: Partial<Record<Intent, string>> = { ask: "c", explain: "e" };

const BAR_PX = 32;
const GAP_PX = 4;

/** What can be asked about the selected lines, by them. */
export function SelectionBar(props: SelectionBarProps) {
  const { lines, editor, scroller, answerers, hasBuiltinFinding, reviewHref, onIntent } = props;
  const bar = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState<number>();
  const { last } = lines;
  useLayoutEffect(() => {
    const frame = scroller.current;
    if (!frame) return;
    const below = editor ? editor.bottomOfLine(last) : bottomOfStillLine(frame, last);
    const lowest = frame.scrollTop + frame.clientHeight - BAR_PX - GAP_PX;
    setTop(Math.max(frame.scrollTop + GAP_PX, Math.min(below + GAP_PX, lowest)));
  }, [editor, scroller, last]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const buttons = [...(bar.current?.querySelectorAll<HTMLElement>("button, a") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={`Ask about ${linesWords(lines).toLowerCase()}`}
      className="selection-bar"
      style={top === undefined ? { visibility: "hidden" } : { top }}
      onKeyDown={onKeyDown}
      // The selection stays where it is.
      onMouseDown={(event) => event.preventDefault()}
    >
      {(Object.keys(INTENT_NAMES) as Intent[]).map((intent) => {
        const isPossible = intent === "ask" || canBeAnswered(answerers, intent, hasBuiltinFinding);
        return (
          <button
            key={intent}
            type="button"
            aria-disabled={!isPossible || undefined}
            aria-keyshortcuts={KEYS[intent]}
            title={isPossible ? undefined : answerers.reason}
            onClick={() => onIntent(intent)}
          >
            {intent === "ask" && !answerers.hasModel ? "Note" : INTENT_NAMES[intent]}
          </button>
        );
      })}
      {answerers.hasModel && (
        <Link to={reviewHref} className="selection-bar-link">
          Review…
        </Link>
      )}
    </div>
  );
}

function bottomOfStillLine(frame: HTMLElement, line: number): number {
  const row = frame.querySelector(`.code-static #L${line}`);
  if (!row) return 0;
  return row.getBoundingClientRect().bottom - frame.getBoundingClientRect().top + frame.scrollTop;
}
