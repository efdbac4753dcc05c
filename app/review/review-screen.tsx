import { useSearchParams } from "@remix-run/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ConversationProvider } from "../conversation/conversation-context";
import {
  buildThreadItems,
  COMPOSER_KEY,
  MarginFooter,
  MarginHeader,
  preloadConversation,
} from "../conversation/margin-threads";
import type { PageThread } from "../conversation/page";
import { SelectionBar } from "../conversation/selection-bar";
import { hasBuiltinFinding, useAsk, useSettledLines } from "../conversation/use-ask";
import { type ComposerState, useConversation } from "../conversation/use-conversation";
import { useConversationContextValue } from "../conversation/use-conversation-context-value";
import { useStaticLines } from "../conversation/use-static-lines";
import { useThreadMarks } from "../conversation/use-thread-marks";
import type { Lines } from "../editor/code-html";
import type { CodeEditor } from "../editor/create-editor";
import { Document } from "../editor/document";
import { modelReviewHref } from "../model-review/choice";
import { ModelReviewStrip } from "../model-review/model-review-strip";
import { Notice } from "../ui/notice";
import type { ReviewActionInput } from "./actions";
import { CodePane } from "./code-pane";
import { CoverageStrip } from "./coverage-strip";
import { DraftNotice, PlainDraftNotice } from "./draft-notice";
import { FileList } from "./file-list";
import { Margin } from "./margin";
import { getFileReading, isOpen, type ReviewPage } from "./page";
import { type Pane, PaneTabs } from "./pane-tabs";
import { ReviewHeader } from "./review-header";
import { ReviewProgress } from "./review-progress";
import { useCodeOverlays } from "./use-code-overlays";
import { saveStateText, useDrafts } from "./use-drafts";
import { useEditing } from "./use-editing";
import { useOpenFile } from "./use-open-file";
import { useRevalidateAfterSave } from "./use-revalidate-after-save";
import { useReviewActions } from "./use-review-actions";
import { useReviewKeys } from "./use-review-keys";
import { useReviewLog } from "./use-review-log";
import { useSaving } from "./use-saving";
import { useSelection } from "./use-selection";
import { useViewed } from "./use-viewed";
import { useWholeText } from "./use-whole-text";

type ReviewScreenProps = { page: ReviewPage; error?: string };

/** The review screen: files, code with redlines, and the margin. */
export function ReviewScreen({ page, error }: ReviewScreenProps) {
  const { session, file, findings } = page;
  const [query] = useSearchParams();
  const [isNitsOpen, setNitsOpen] = useState(query.has("nits"));
  const [isRestOpen, setRestOpen] = useState(query.has("all"));
  const [pane, setPane] = useState<Pane>("code");
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [layoutKey, setLayoutKey] = useState(0);
  const { selected, select, hrefOf, thread, openThread, threadHref } = useSelection(file?.path, findings);
  const { viewed, toggle } = useViewed(session.id);
  const progress = useReviewLog(page.followLog);
  const drafts = useDrafts(session.id, page.draft, query.get("merged"));
  const saving = useSaving(drafts.keeper);
  const actions = useReviewActions(session.id, saving.save);
  const { perform, pending } = actions;
  const onAction = useCallback((input: ReviewActionInput) => void perform(input), [perform]);

  const whole = useWholeText(session.id, page.head.number, file);
  const document = useMemo(() => new Document(whole ?? file?.text ?? ""), [whole, file?.text]);
  const isWhole = !file?.isPart || whole !== null;
  const edited = useMemo(() => new Set(drafts.state.paths), [drafts.state.paths]);
  const showMargin = useCallback(() => setPane((now) => (isWide() ? now : "findings")), []);
  const onThread = useCallback(
    (id: string | undefined, at?: { replace?: boolean }) => {
      openThread(id, at);
      if (id) showMargin();
    },
    [openThread, showMargin],
  );
  const first = useMemo(() => initialComposer(page, query.get("ask")), [page, query]);
  const conversation = useConversation({ page, thread, onThread, saving, edited, first });
  const { open, composer } = conversation;
  const { threads, tinted, proposals } = useThreadMarks(document, {
    ...{ file, isWhole, open, composer },
    threads: conversation.threads,
  });
  const { drawn, redlines, marks } = useCodeOverlays(document, findings, {
    ...{ isNitsOpen, isRestOpen, selected, pending, proposals },
  });
  const scroller = useRef<HTMLDivElement>(null);
  const afterCode = useRef<HTMLParagraphElement>(null);
  const onLeave = useCallback(() => afterCode.current?.focus({ preventScroll: true }), []);
  const onGeometry = useCallback(() => setLayoutKey((key) => key + 1), []);
  const openFinding = useCallback(
    (identity: string) => {
      select(identity);
      showMargin();
    },
    [select, showMargin],
  );
  const [typedLines, setTypedLines] = useState<Lines | null>(null);
  const stillLines = useStaticLines(scroller);
  const lines = useSettledLines(editor ? typedLines : stillLines);
  const [asked, setAsked] = useState<Lines | null>(null);
  const { ask, askFinding, askAbout } = useAsk({
    ...{ page, conversation, lines, onThread },
    finding: findings.find((finding) => finding.identity === selected),
    onMargin: showMargin,
  });
  const { content, events } = useEditing({
    ...{ page, document, redlines, marks, selected, threads, tinted, drafts, isWhole },
    ...{ onAction, onLeave, onGeometry, onThread },
    onLines: setTypedLines,
    onAsk: () => ask("ask"),
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
  useReviewKeys({
    page,
    selected,
    shown: drawn,
    onSelect: step,
    onAction,
    onViewed: toggle,
    onSave,
    onAsk: ask,
    pending,
  });
  useOpenFile(file?.path, page.followLog !== undefined && page.files.length > 1);
  useRevalidateAfterSave(drafts.state.version, page.head.number);
  const topOfLine = useMemo(() => editor?.topOfLine, [editor]);
  const reveal = useCallback(
    (offset: number) => {
      setPane("code");
      editor?.reveal(document.offset(offset));
    },
    [editor, document],
  );
  const context = useConversationContextValue({
    page,
    conversation,
    pending,
    onReviewAction: onAction,
    onReveal: reveal,
    thread,
  });
  const files = useMemo(() => {
    const isOpenHere = (each: PageThread) => each.path === file?.path && each.status === "open" && !each.isFileGone;
    const threads = conversation.threads.filter(isOpenHere).length;
    return page.files.map((each) => (each.path === file?.path ? { ...each, threads } : each));
  }, [page.files, file?.path, conversation.threads]);
  const inMargin = { conversation, path: file?.path ?? "", version: page.head.number, threadHref, onThread };
  // Likely to be wanted: its code is on its way before it is.
  const shouldPreload = lines !== null || conversation.threads.length > 0;
  useEffect(() => {
    if (shouldPreload) preloadConversation();
  }, [shouldPreload]);

  return (
    <ConversationProvider value={context}>
      <main id="main" tabIndex={-1} className="review" data-pane={pane} data-files={page.files.length > 1 || undefined}>
        <ReviewHeader
          page={page}
          saveState={saveStateText(drafts.state)}
          onAction={onAction}
          onSave={onSave}
          pending={pending}
        />
        <div className="review-notices">
          {error && <Notice tone="danger">{error}</Notice>}
          {session.isTrashed && <Notice tone="warn">This session is in the trash. Restore it to keep it.</Notice>}
          {drafts.offered && <DraftNotice offered={drafts.offered} />}
          <PlainDraftNotice page={page} />
          {page.openThread === null && <Notice tone="warn">This thread no longer exists.</Notice>}
        </div>
        <p className="sr-only" role="status">
          {actions.announcement || saving.announcement}
        </p>
        <PaneTabs
          pane={pane}
          onPane={setPane}
          findings={findings.filter(isOpen).length}
          threads={conversation.threads.filter(({ status }) => status === "open").length}
          files={page.files.length}
        />
        <div className="review-body">
          <FileList
            files={files}
            current={file?.path}
            viewed={viewed}
            edited={edited}
            onViewed={toggle}
            onOpen={() => setPane("code")}
          />
          {file && (
            <div ref={scroller} className="review-scroll">
              <section className="review-code" aria-label={`Code of ${file.path}`}>
                <h2 className="sr-only">{file.path}</h2>
                <CodePane
                  {...{ file, document, redlines, marks, selected, threads, tinted }}
                  {...{ hrefOf, threadHref, content, events, onThread, onAction }}
                  onEditor={setEditor}
                  onSelect={openFinding}
                />
                {lines && lines !== asked && !composer && (
                  <SelectionBar
                    {...{ lines, editor, scroller }}
                    capability={page.replyCapability}
                    hasBuiltinFinding={hasBuiltinFinding(page, { path: file.path, lines })}
                    reviewHref={modelReviewHref(session.id, file.path, lines)}
                    onSelect={(intent) => {
                      setAsked(lines);
                      ask(intent);
                    }}
                  />
                )}
                {/* Escape leads here: behind the code, so that the next Tab goes on to the findings. */}
                <p ref={afterCode} tabIndex={-1} className="sr-only">
                  End of the code of {file.path}
                </p>
              </section>
              <Margin
                key={file.path}
                {...{
                  findings,
                  redlines,
                  selected,
                  isNitsOpen,
                  isRestOpen,
                  pending,
                  topOfLine,
                  layoutKey,
                  hrefOf,
                  onAction,
                }}
                nitsHref={`?${new URLSearchParams({ file: file.path, ...(!isNitsOpen && { nits: "1" }) })}`}
                onNits={() => setNitsOpen((is) => !is)}
                restHref={`?${new URLSearchParams({ file: file.path, ...(!isRestOpen && { all: "1" }) })}`}
                onRest={() => setRestOpen((is) => !is)}
                onSelect={step}
                onAsk={askFinding}
                others={buildThreadItems(inMargin)}
                anchored={composer ? COMPOSER_KEY : open?.thread.id}
                head={
                  <MarginHeader
                    path={file.path}
                    canAsk={page.replyCapability.hasModel}
                    onAsk={() => askAbout({ path: file.path }, "ask")}
                  />
                }
                foot={<MarginFooter {...inMargin} />}
                reading={getFileReading(page)}
              />
            </div>
          )}
        </div>
        <ReviewProgress page={page} progress={progress} />
        {!page.followLog && page.review?.status === "done" && <CoverageStrip review={page.review} />}
        {page.modelReview && <ModelReviewStrip review={page.modelReview} onAction={onAction} />}
      </main>
    </ConversationProvider>
  );
}

/** Returns whether code and margin are side by side rather than in tabs. */
const isWide = (): boolean => matchMedia("(min-width: 1000px)").matches;

/** Returns the composer requested by the URL: for the file or one of its findings. */
function initialComposer({ file, findings }: ReviewPage, asked: string | null): ComposerState | null {
  if (!file || asked === null) return null;
  const found = findings.find((finding) => finding.identity === asked);
  if (!found) return { path: file.path };
  const { identity, title, startLine, endLine } = found;
  return { path: file.path, lines: { first: startLine, last: endLine }, finding: { identity, title } };
}
