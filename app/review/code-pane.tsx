import { Link } from "@remix-run/react";
import { type CSSProperties, type FormEvent, forwardRef, type MouseEvent, useEffect, useMemo, useRef } from "react";
import { type CodeHtmlOptions, type CodeMark, type Lines, renderCodeHtml, type ThreadMark } from "../editor/code-html";
import type { CodeEditor, EditorContent, EditorEvents } from "../editor/create-editor";
import type { Document } from "../editor/document";
import { EDITOR_KEYS_ID } from "../editor/editor-keys";
import type { Redline } from "../editor/redlines";
import { unpackSpans } from "../editor/spans";
import { useHydrated } from "../ui/use-hydrated";
import type { ReviewActionInput } from "./actions";
import { parseActionForm } from "./finding-card";
import type { OpenFile } from "./page";
import { useEditor } from "./use-editor";

export type CodePaneProps = {
  file: OpenFile;
  document: Document;
  redlines: readonly Redline[];
  marks: readonly CodeMark[];
  selected?: string;
  threads: readonly ThreadMark[];
  tinted?: Lines;
  hrefOf: (identity: string) => string;
  threadHref: (id: string) => string;
  /** The editor's content; null until the file can be edited. */
  content: EditorContent | null;
  events: EditorEvents;
  onEditor: (editor: CodeEditor | null) => void;
  onSelect: (identity: string) => void;
  onThread: (id: string) => void;
  onAction: (input: ReviewActionInput) => void;
};

/** The code pane: server-rendered at first, then replaced by the editor. */
export function CodePane(props: CodePaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLDivElement>(null);
  const { content, events, onEditor, file } = props;
  const { editor, isShown } = useEditor({ host, still, language: file.language }, content, events);
  useEffect(() => onEditor(editor), [editor, onEditor]);
  return (
    <>
      {/* Without the attribute the editor would be there for assistive technology before it is drawn. */}
      <div
        ref={host}
        className="code code-editor"
        style={digitsStyle(file.lines)}
        data-code-language={file.language}
        hidden={!isShown}
      />
      <p id={EDITOR_KEYS_ID} className="editor-keys">
        Tab moves focus until you edit, then it indents. Escape goes to the findings; Ctrl M lets Tab move focus again.
      </p>
      {!isShown && <StaticCode {...props} ref={still} />}
    </>
  );
}

const StaticCode = forwardRef<HTMLDivElement, CodePaneProps>(function StillCode(props, ref) {
  const { file, document, redlines, marks, selected, threads, tinted, hrefOf, threadHref, onSelect, onAction } = props;
  const html = useCodeHtml(() => {
    const lines = file.isPart
      ? { firstLine: 1, lastLine: file.lastLine - file.firstLine + 1, lineOffset: file.firstLine - 1 }
      : { firstLine: file.firstLine, lastLine: file.lastLine, lineOffset: 0 };
    const overlays = { redlines, marks, selected, threads, tinted, hrefOf, threadHref };
    return { text: document.text, spans: unpackSpans(file.packed), ...overlays, ...lines };
  }, [file, document, redlines, marks, selected, threads, tinted, hrefOf, threadHref]);
  const onClick = (event: MouseEvent) => {
    const sign = (event.target as Element).closest<HTMLAnchorElement>("a.code-sign, a.code-thread");
    if (!sign || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const address = new URL(sign.href).searchParams;
    const [identity, thread] = [address.get("finding"), address.get("thread")];
    if (thread) props.onThread(thread);
    else if (identity) onSelect(identity);
  };
  const onSubmit = (event: FormEvent) => {
    const form = event.target as HTMLFormElement;
    const action = parseActionForm(form, (event.nativeEvent as SubmitEvent).submitter);
    if (!action) return;
    event.preventDefault();
    onAction(action);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only links inside are clicked, and they have the keyboard already */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: likewise */}
      <div
        ref={ref}
        className="code code-static"
        style={digitsStyle(file.lines)}
        onClick={onClick}
        onSubmit={onSubmit}
        suppressHydrationWarning
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by codeHtml, which escapes every text it is given
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {file.lastLine < file.lines && <MoreLines file={file} />}
    </>
  );
});

/**
 * Renders code as HTML. In the browser it is empty as long as the code is what the server rendered: React leaves that in place,
 * and rendering it again would take as long as all else that makes the page interactive.
 */
function useCodeHtml(view: () => CodeHtmlOptions, dependencies: readonly unknown[]): string {
  const isHydrated = useHydrated();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names them
  const render = useMemo(() => () => renderCodeHtml(view()), dependencies);
  const servers = useRef(isHydrated || typeof window === "undefined" ? null : render);
  return useMemo(() => (render === servers.current ? "" : render()), [render]);
}

/** Links to the rest of a very long file until the editor is mounted. */
function MoreLines({ file }: { file: OpenFile }) {
  const next = new URLSearchParams({ file: file.path, line: String(file.lastLine + 1) });
  return (
    <p className="code-more">
      {(file.lines - file.lastLine).toLocaleString("en")} more lines. <Link to={`?${next}`}>Show next</Link>
    </p>
  );
}

/** Returns a style that reserves room for the largest line number. */
export const digitsStyle = (lines: number): CSSProperties =>
  ({ "--digits": Math.max(2, String(lines).length) }) as CSSProperties;
