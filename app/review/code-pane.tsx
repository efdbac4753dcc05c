import { type CSSProperties, type FormEvent, type MouseEvent, useMemo } from "react";
import { type CodeMark, codeHtml } from "../editor/code-html";
import type { Document } from "../editor/document";
import type { Redline } from "../editor/redlines";
import { unpackSpans } from "../editor/spans";
import type { ActInput } from "./acts";
import { actOfForm } from "./finding-card";
import type { OpenFile } from "./page";

type CodePaneProps = {
  file: OpenFile;
  document: Document;
  redlines: readonly Redline[];
  marks: readonly CodeMark[];
  selected?: string;
  hrefOf: (identity: string) => string;
  onSelect: (identity: string) => void;
  onAct: (input: ActInput) => void;
};

/** The code as the server draws it; the editor takes its place when it is there. */
export function CodePane({ file, document, redlines, marks, selected, hrefOf, onSelect, onAct }: CodePaneProps) {
  const spans = useMemo(() => unpackSpans(file.packed), [file.packed]);
  const html = useMemo(() => {
    const lines = file.isPart
      ? { firstLine: 1, lastLine: file.lastLine - file.firstLine + 1, lineOffset: file.firstLine - 1 }
      : { firstLine: file.firstLine, lastLine: file.lastLine, lineOffset: 0 };
    return codeHtml({ text: document.text, spans, redlines, marks, selected, hrefOf, ...lines });
  }, [file, document, spans, redlines, marks, selected, hrefOf]);
  const onClick = (event: MouseEvent) => {
    const sign = (event.target as Element).closest<HTMLAnchorElement>("a.code-sign");
    if (!sign || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const identity = new URL(sign.href).searchParams.get("finding");
    if (identity) onSelect(identity);
  };
  const onSubmit = (event: FormEvent) => {
    const form = event.target as HTMLFormElement;
    const act = actOfForm(form, (event.nativeEvent as SubmitEvent).submitter);
    if (!act) return;
    event.preventDefault();
    onAct(act);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: only links inside are clicked, and they have the keyboard already
    // biome-ignore lint/a11y/noStaticElementInteractions: likewise
    <div
      className="code code-static"
      style={digitsStyle(file.lines)}
      onClick={onClick}
      onSubmit={onSubmit}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: made by codeHtml, which escapes every text it is given
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** Room for the largest line number, the same before and after the editor is there. */
export const digitsStyle = (lines: number): CSSProperties =>
  ({ "--digits": Math.max(2, String(lines).length) }) as CSSProperties;
