import { useSearchParams } from "@remix-run/react";
import { useCallback, useMemo, useState } from "react";
import type { CodeMark } from "../editor/code-html";
import { Document } from "../editor/document";
import { redlinesOf } from "../editor/redlines";
import { Notice } from "../ui/notice";
import type { ActInput } from "./acts";
import { CodePane } from "./code-pane";
import { CoverageStrip } from "./coverage-strip";
import { FileList } from "./file-list";
import { Margin } from "./margin";
import { isOpen, type PageFinding, type ReviewPage } from "./page";
import { type Pane, PaneTabs } from "./pane-tabs";
import { ReviewHeader } from "./review-header";
import { ReviewUnderWay } from "./review-under-way";
import { useActs } from "./use-acts";
import { useReviewKeys } from "./use-review-keys";
import { useReviewLog } from "./use-review-log";
import { useSelection } from "./use-selection";
import { useViewed } from "./use-viewed";

type ReviewScreenProps = { page: ReviewPage; error?: string };

/** The heart of the product: files, code with its redlines, and the margin with its findings. */
export function ReviewScreen({ page, error }: ReviewScreenProps) {
  const { session, file, findings } = page;
  const [query] = useSearchParams();
  const [isNitsOpen, setNitsOpen] = useState(query.has("nits"));
  const [pane, setPane] = useState<Pane>("code");
  const { selected, select, hrefOf } = useSelection(file?.path, findings);
  const { viewed, toggle } = useViewed(session.id);
  const progress = useReviewLog(page.followLog);
  const acts = useActs(
    session.id,
    useCallback(async () => true, []),
  );
  const { perform, pending } = acts;
  const onAct = useCallback((input: ActInput) => void perform(input), [perform]);

  const document = useMemo(() => new Document(file?.text ?? ""), [file?.text]);
  const drawn = useMemo(
    () =>
      findings.filter(
        (finding) => isOpen(finding) && (finding.severity !== "nit" || isNitsOpen || finding.identity === selected),
      ),
    [findings, isNitsOpen, selected],
  );
  const redlines = useMemo(() => {
    const fixes = drawn.flatMap(({ identity, severity, fix }) =>
      fix && !pending.has(identity) ? [{ identity, severity, fix }] : [],
    );
    return redlinesOf(document, fixes, selected);
  }, [document, drawn, pending, selected]);
  const marks = useMemo(() => drawn.map((finding) => markOf(document, finding)), [document, drawn]);

  const openFinding = useCallback(
    (identity: string) => {
      select(identity);
      setPane((now) => (now === "code" ? now : "findings"));
    },
    [select],
  );
  useReviewKeys({ page, selected, shown: drawn, onSelect: openFinding, onAct, onViewed: toggle });

  return (
    <main id="main" tabIndex={-1} className="review" data-pane={pane} data-files={page.files.length > 1 || undefined}>
      <ReviewHeader page={page} saveState="saved" onAct={onAct} />
      <div className="review-notices">
        {error && <Notice tone="danger">{error}</Notice>}
        {session.isTrashed && <Notice tone="warn">This session is in the trash. It is still here to read.</Notice>}
      </div>
      <p className="sr-only" aria-live="polite">
        {acts.announcement}
      </p>
      <PaneTabs pane={pane} onPane={setPane} findings={findings.filter(isOpen).length} files={page.files.length} />
      <div className="review-body">
        <FileList
          files={page.files}
          current={file?.path}
          viewed={viewed}
          edited={new Set()}
          onViewed={toggle}
          onOpen={() => setPane("code")}
        />
        {file && (
          <div className="review-scroll" tabIndex={-1}>
            <section className="review-code" aria-label={`Code of ${file.path}`}>
              <h2 className="sr-only">{file.path}</h2>
              <CodePane
                file={file}
                document={document}
                redlines={redlines}
                marks={marks}
                selected={selected}
                hrefOf={hrefOf}
                onSelect={openFinding}
                onAct={onAct}
              />
            </section>
            <Margin
              key={file.path}
              findings={findings}
              redlines={redlines}
              selected={selected}
              isNitsOpen={isNitsOpen}
              pending={pending}
              layoutKey={document}
              hrefOf={hrefOf}
              nitsHref={`?${new URLSearchParams({ file: file.path, ...(!isNitsOpen && { nits: "1" }) })}`}
              onNits={() => setNitsOpen((is) => !is)}
              onSelect={openFinding}
              onAct={onAct}
            />
          </div>
        )}
      </div>
      <ReviewUnderWay page={page} progress={progress} />
      {!page.followLog && page.review?.status === "done" && <CoverageStrip review={page.review} />}
    </main>
  );
}

function markOf(document: Document, finding: PageFinding): CodeMark {
  const { identity, severity, title, startLine } = finding;
  return {
    identity,
    severity,
    title,
    line: startLine,
    from: document.offset(finding.start),
    to: document.offset(finding.end),
  };
}
