import { Link } from "@remix-run/react";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Lines } from "../editor/code-html";
import type { CodeEditor } from "../editor/create-editor";
import { markHintUsed } from "../hints/used-hints";
import { canReply, lineRangeLabel, MESSAGE_KIND_NAMES, type MessageKind, type ReplyCapability } from "./page";

export type AskButtonsProps = {
  capability: ReplyCapability;
  hasBuiltinFinding: boolean;
  /** URL of the model review form for these lines. */
  reviewHref: string;
  /** The name of the note that starts a thread. */
  note?: string;
  onSelect: (intent: MessageKind) => void;
};

export type SelectionBarProps = AskButtonsProps & {
  lines: Lines;
  /** Provides line positions; null while the code is server-rendered. */
  editor: CodeEditor | null;
  scroller: RefObject<HTMLElement>;
};

const KEYS: Partial<Record<MessageKind, string>> = { ask: "c", explain: "e" };

const BAR_PX = 32;
const GAP_PX = 4;

/** The toolbar of quick actions beside the selected lines. */
export function SelectionBar(props: SelectionBarProps) {
  const { lines, editor, scroller, ...ask } = props;
  const bar = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState<number>();
  const { last } = lines;
  useEffect(() => markHintUsed("select"), []);
  useLayoutEffect(() => {
    const frame = scroller.current;
    if (!frame) return;
    const below = editor ? editor.bottomOfLine(last) : bottomOfStaticLine(frame, last);
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
      aria-label={`Ask about ${lineRangeLabel(lines).toLowerCase()}`}
      className="selection-bar"
      style={top === undefined ? { visibility: "hidden" } : { top }}
      onKeyDown={onKeyDown}
      // The selection stays where it is.
      onMouseDown={(event) => event.preventDefault()}
    >
      <AskButtons {...ask} />
    </div>
  );
}

/** The quick actions themselves, in whatever toolbar. */
export function AskButtons(props: AskButtonsProps) {
  const { capability, hasBuiltinFinding, reviewHref, note = "Note", onSelect } = props;
  return (
    <>
      {(Object.keys(MESSAGE_KIND_NAMES) as MessageKind[]).map((intent) => {
        const isPossible = intent === "ask" || canReply(capability, intent, hasBuiltinFinding);
        return (
          <button
            key={intent}
            type="button"
            aria-disabled={!isPossible || undefined}
            aria-keyshortcuts={KEYS[intent]}
            title={isPossible ? undefined : capability.reason}
            onClick={() => onSelect(intent)}
          >
            {intent === "ask" && !capability.hasModel ? note : MESSAGE_KIND_NAMES[intent]}
          </button>
        );
      })}
      {capability.hasModel && (
        <Link to={reviewHref} className="selection-bar-link">
          Review…
        </Link>
      )}
    </>
  );
}

function bottomOfStaticLine(frame: HTMLElement, line: number): number {
  const row = frame.querySelector(`.code-static #L${line}`);
  if (!row) return 0;
  return row.getBoundingClientRect().bottom - frame.getBoundingClientRect().top + frame.scrollTop;
}
