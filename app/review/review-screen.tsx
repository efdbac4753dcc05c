import { useSearchParams } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { CodeEditor } from "../editor/create-editor";
import { Document } from "../editor/document";
import { Notice } from "../ui/notice";
import type { ActInput } from "./acts";
import { CodePane } from "./code-pane";
import { CoverageStrip } from "./coverage-strip";
import { DraftNotice, PlainDraftNotice } from "./draft-notice";
import { FileList } from "./file-list";
import { Margin } from "./margin";
import { isOpen, type ReviewPage } from "./page";
import { type Pane, PaneTabs } from "./pane-tabs";
import { ReviewHeader } from "./review-header";
import { ReviewUnderWay } from "./review-under-way";
import { useActs } from "./use-acts";
import { saveStateText, useDrafts } from "./use-drafts";
import { useDrawing } from "./use-drawing";
import { useEditing } from "./use-editing";
import { useFreshPage } from "./use-fresh-page";
import { useReviewKeys } from "./use-review-keys";
import { useReviewLog } from "./use-review-log";
import { useSaving } from "./use-saving";
import { useSelection } from "./use-selection";
import { useViewed } from "./use-viewed";
import { useWholeText } from "./use-whole-text";

type ReviewScreenProps = { page: ReviewPage; error?: string };

/** The heart of the product: files, code with its redlines, and the margin with its findings. */
export function ReviewScreen({ page, error }: ReviewScreenProps) {
  const { session, file, findings } = page;
  const [query] = useSearchParams();
  const [isNitsOpen, setNitsOpen] = useState(query.has("nits"));
  const [pane, setPane] = useState<Pane>("code");
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [layoutKey, setLayoutKey] = useState(0);
  const { selected, select, hrefOf } = useSelection(file?.path, findings);
  const { viewed, toggle } = useViewed(session.id);
  const progress = useReviewLog(page.followLog);
  const drafts = useDrafts(session.id, page.draft, query.get("merged"));
  const saving = useSaving(drafts.keeper);
  const acts = useActs(session.id, saving.save);
  const { perform, pending } = acts;
  const onAct = useCallback((input: ActInput) => void perform(input), [perform]);

  const whole = useWholeText(session.id, page.head.number, file);
  const document = useMemo(() => new Document(whole ?? file?.text ?? ""), [whole, file?.text]);
  const { drawn, redlines, marks } = useDrawing(document, findings, { isNitsOpen, selected, pending });
  const scroller = useRef<HTMLDivElement>(null);
  const onLeave = useCallback(() => scroller.current?.focus({ preventScroll: true }), []);
  const onGeometry = useCallback(() => setLayoutKey((key) => key + 1), []);
  const openFinding = useCallback(
    (identity: string) => {
      select(identity);
      setPane((now) => (now === "code" && matchMedia("(min-width: 1000px)").matches ? now : "findings"));
    },
    [select],
  );
  const { content, events } = useEditing({
    ...{ page, document, redlines, marks, selected, drafts, onAct, onLeave, onGeometry },
    isWhole: !file?.isPart || whole !== null,
    onSave: () => void saving.save(),
    onSelect: openFinding,
  });
  const step = useCallback(
    (identity: string) => {
      select(identity);
      const mark = findings.find((finding) => finding.identity === identity);
      if (mark) editor?.reveal(document.offset(mark.start));
    },
    [select, findings, editor, document],
  );
  const onSave = drafts.state.paths.length > 0 ? () => void saving.save() : undefined;
  useReviewKeys({ page, selected, shown: drawn, onSelect: step, onAct, onViewed: toggle, onSave });
  useFreshPage(drafts.state.version, page.head.number);
  const topOfLine = useMemo(() => editor?.topOfLine, [editor]);
  const edited = useMemo(() => new Set(drafts.state.paths), [drafts.state.paths]);

  return (
    <main id="main" tabIndex={-1} className="review" data-pane={pane} data-files={page.files.length > 1 || undefined}>
      <ReviewHeader page={page} saveState={saveStateText(drafts.state)} onAct={onAct} onSave={onSave} />
      <div className="review-notices">
        {error && <Notice tone="danger">{error}</Notice>}
        {session.isTrashed && <Notice tone="warn">This session is in the trash. It is still here to read.</Notice>}
        {drafts.offered && <DraftNotice offered={drafts.offered} />}
        <PlainDraftNotice page={page} />
      </div>
      <p className="sr-only" role="status">
        {acts.announcement || saving.announcement}
      </p>
      <PaneTabs pane={pane} onPane={setPane} findings={findings.filter(isOpen).length} files={page.files.length} />
      <div className="review-body">
        <FileList
          files={page.files}
          current={file?.path}
          viewed={viewed}
          edited={edited}
          onViewed={toggle}
          onOpen={() => setPane("code")}
        />
        {file && (
          <div ref={scroller} className="review-scroll" tabIndex={-1}>
            <section className="review-code" aria-label={`Code of ${file.path}`}>
              <h2 className="sr-only">{file.path}</h2>
              <CodePane
                {...{ file, document, redlines, marks, selected, hrefOf, content, events, onAct }}
                onEditor={setEditor}
                onSelect={openFinding}
              />
            </section>
            <Margin
              key={file.path}
              {...{ findings, redlines, selected, isNitsOpen, pending, topOfLine, layoutKey, hrefOf, onAct }}
              nitsHref={`?${new URLSearchParams({ file: file.path, ...(!isNitsOpen && { nits: "1" }) })}`}
              onNits={() => setNitsOpen((is) => !is)}
              onSelect={step}
            />
          </div>
        )}
      </div>
      <ReviewUnderWay page={page} progress={progress} />
      {!page.followLog && page.review?.status === "done" && <CoverageStrip review={page.review} />}
    </main>
  );
}
