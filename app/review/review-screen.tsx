import { useSearchParams } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import { ConversationProvider } from "../conversation/conversation-context";
import { initialComposer } from "../conversation/initial-composer";
import {
  buildThreadItems,
  COMPOSER_KEY,
  MarginFooter,
  MarginHeader,
  usePreloadedConversation,
} from "../conversation/margin-threads";
import { useAsk, useSettledLines } from "../conversation/use-ask";
import { useConversation } from "../conversation/use-conversation";
import { useConversationContextValue } from "../conversation/use-conversation-context-value";
import { useStaticLines } from "../conversation/use-static-lines";
import { useThreadMarks } from "../conversation/use-thread-marks";
import { LazyFileTree } from "../difference/lazy";
import { useNewFindings } from "../difference/use-new-findings";
import type { Lines } from "../editor/code-html";
import type { CodeEditor } from "../editor/create-editor";
import { Document } from "../editor/document";
import { ModelReviewStrip } from "../model-review/model-review-strip";
import type { ReviewActionInput } from "./actions";
import { CodeColumn } from "./code-column";
import { CoverageStrip } from "./coverage-strip";
import { FileList } from "./file-list";
import { getFileReading } from "./file-reading";
import { FindingNav } from "./finding-nav";
import { Margin } from "./margin";
import { isDifferenceShown, isOpen, type ReviewPage } from "./page";
import { PaneTabs } from "./pane-tabs";
import { revealCard } from "./reveal-card";
import { ReviewHeader } from "./review-header";
import { SelectHint } from "./review-hints";
import { ReviewNotices } from "./review-notices";
import { ReviewProgress } from "./review-progress";
import { useCodeOverlays } from "./use-code-overlays";
import { useCodePlace } from "./use-code-place";
import { saveStateText, useDrafts } from "./use-drafts";
import { useEditing } from "./use-editing";
import { useFileSteps } from "./use-file-steps";
import { useListedFiles } from "./use-listed-files";
import { useNextVersion } from "./use-next-version";
import { useOpenFile } from "./use-open-file";
import { usePanes } from "./use-panes";
import { useRevalidateAfterSave } from "./use-revalidate-after-save";
import { useReviewActions } from "./use-review-actions";
import { useReviewKeys } from "./use-review-keys";
import { useReviewLog } from "./use-review-log";
import { useSaving } from "./use-saving";
import { useSelection } from "./use-selection";
import { useShownFindings } from "./use-shown-findings";
import { useTrashCheck } from "./use-trash-check";
import { useViewed } from "./use-viewed";
import { useWholeText } from "./use-whole-text";
import { useWrap } from "./use-wrap";

type ReviewScreenProps = { page: ReviewPage; error?: string };

/** The review screen: files, code with redlines, and the margin. */
export function ReviewScreen({ page, error }: ReviewScreenProps) {
  const { session, file } = page;
  const { findings, old } = useNewFindings(page);
  const [query] = useSearchParams();
  const { pane, setPane, showCode, showMargin } = usePanes();
  const wrap = useWrap();
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [layoutKey, setLayoutKey] = useState(0);
  const { selected, select, hrefOf, thread, openThread, threadHref } = useSelection(file?.path, findings);
  const folds = useShownFindings(findings, selected);
  const { shown } = folds;
  const { viewed, toggle } = useViewed(session.id, page.files);
  const progress = useReviewLog(page.followLog);
  const drafts = useDrafts(session.id, page.draft, query.get("merged"));
  const saving = useSaving(drafts);
  useNextVersion(session.id, page.head.number, page.difference !== undefined && !session.isTrashed);
  useTrashCheck(session, drafts.state.problem);
  const actions = useReviewActions(page, saving.save);
  const { perform, pending } = actions;
  const onAction = useCallback((input: ReviewActionInput) => void perform(input), [perform]);

  const whole = useWholeText(session.id, page.head.number, file);
  const document = useMemo(() => new Document(whole ?? file?.text ?? ""), [whole, file?.text]);
  const isWhole = !file?.isPart || whole !== null;
  const edited = useMemo(() => new Set(drafts.state.paths), [drafts.state.paths]);
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
  const { redlines, marks } = useCodeOverlays(document, { findings, shown, selected, pending, proposals });
  const scroller = useRef<HTMLDivElement>(null);
  const afterCode = useRef<HTMLParagraphElement>(null);
  const onLeave = useCallback(() => afterCode.current?.focus({ preventScroll: true }), []);
  const onGeometry = useCallback(() => setLayoutKey((key) => key + 1), []);
  const isDifference = isDifferenceShown(page);
  const { onPlace, topOfLine, revealOffset } = useCodePlace({ editor, isDifference, document, onGeometry });
  const Files = page.difference ? LazyFileTree : FileList;
  const openFinding = useCallback(
    (identity: string) => {
      select(identity);
      showMargin();
      revealCard(scroller.current, identity);
    },
    [select, showMargin],
  );
  const [typedLines, setTypedLines] = useState<Lines | null>(null);
  const stillLines = useStaticLines(scroller);
  const lines = useSettledLines(editor && !isDifference ? typedLines : stillLines);
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
      if (mark) revealOffset(mark.start);
      revealCard(scroller.current, identity);
    },
    [select, findings, revealOffset],
  );
  const onSave = drafts.state.paths.length > 0 ? () => void saving.save() : undefined;
  const steps = useFileSteps(page, shown, { selected, onSelect: step });
  useReviewKeys({
    ...{ page, selected, shown, steps, onAction, onSave, pending },
    onWrap: wrap.toggle,
    onViewed: toggle,
    onAsk: ask,
    onSelect: step,
  });
  useOpenFile(file?.path, page.files.length > 1);
  useRevalidateAfterSave(drafts.state.version, page.head.number);
  const reveal = useCallback(
    (offset: number) => {
      showCode();
      revealOffset(offset);
    },
    [showCode, revealOffset],
  );
  const context = useConversationContextValue({
    page,
    conversation,
    pending,
    onReviewAction: onAction,
    onReveal: reveal,
    thread,
  });
  const files = useListedFiles(page, conversation.threads);
  const inMargin = { conversation, path: file?.path ?? "", version: page.head.number, threadHref, onThread };
  usePreloadedConversation(lines !== null || conversation.threads.length > 0);

  return (
    <ConversationProvider value={context}>
      <main
        id="main"
        tabIndex={-1}
        className="review"
        data-pane={pane}
        data-wrap={wrap.choice}
        data-files={page.files.length > 1 || undefined}
        data-read-only={session.isTrashed || undefined}
      >
        <ReviewHeader
          {...{ page, onAction, onSave, pending }}
          saveState={saveStateText(drafts.state)}
          onWrap={wrap.toggle}
        />
        <ReviewNotices {...{ page, error, onAction }} offered={drafts.offered} isRestoring={pending.has("restore")} />
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
          <Files {...{ files, viewed, edited }} current={file?.path} onViewed={toggle} onOpen={showCode} />
          {file && (
            <div ref={scroller} className="review-scroll" tabIndex={editor ? undefined : 0}>
              <div className="review-sheet">
                <CodeColumn
                  {...{ page, file, document, redlines, marks, selected, threads, tinted, editor, scroller }}
                  {...{ hrefOf, threadHref, events, onThread, onAction, old, pending, onPlace }}
                  noted={shown}
                  content={isDifference ? null : content}
                  lines={composer ? null : lines}
                  end={afterCode}
                  onEditor={setEditor}
                  onSelect={openFinding}
                  onAsk={ask}
                />
                <Margin
                  key={file.path}
                  {...{ findings, folds, redlines, selected, pending, topOfLine, layoutKey, hrefOf, onAction }}
                  path={file.path}
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
                  hint={<SelectHint canAsk={page.replyCapability.hasModel} isReadOnly={page.session.isTrashed} />}
                  foot={<MarginFooter {...inMargin} />}
                  nav={
                    <FindingNav
                      {...{ shown, selected, scroller, redlines, topOfLine, layoutKey }}
                      onStep={steps.stepFinding}
                      onSelect={step}
                    />
                  }
                  reading={getFileReading(page, progress)}
                />
              </div>
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
