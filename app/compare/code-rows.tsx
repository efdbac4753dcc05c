import { createContext, Fragment, memo, useContext } from "react";
import { classNames } from "../ui/class-names";
import { Pieces, RemovedPieces } from "./pieces";
import type { Block, CompareView, Line, Row } from "./rows";

type CodeRowsProps = { blocks: readonly Block[]; view: CompareView; label: string; path?: string };

/** The file whose rows are shown: its lines' addresses begin with it. Without one they have none. */
const PathContext = createContext<string | undefined>(undefined);

/** Shows one file's rows, unified or side by side. */
export const CodeRows = memo(function CodeRows({ blocks, view, label, path }: CodeRowsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the page scrolls here, by keyboard too
    <section className="compare-code code" tabIndex={0} aria-label={label} data-view={view}>
      <PathContext.Provider value={path}>
        {blocks.map((block, index) =>
          block.kind === "shown" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one comparison never move
            <Rows key={index} rows={block.rows} view={view} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <FoldedLines key={index} block={block} view={view} />
          ),
        )}
      </PathContext.Provider>
    </section>
  );
});

function FoldedLines({
  block: { lines, rows },
  view,
}: {
  block: Extract<Block, { kind: "folded" }>;
  view: CompareView;
}) {
  const words = `${lines.toLocaleString("en")} unchanged lines`;
  if (rows.length === 0) return <p className="compare-folded">{words}</p>;
  return (
    <details>
      <summary className="compare-folded hover:bg-hover">{words}</summary>
      <Rows rows={rows} view={view} />
    </details>
  );
}

function Rows({ rows, view }: { rows: readonly Row[]; view: CompareView }) {
  if (view === "unified") return <UnifiedRows rows={rows} />;
  return rows.map((row, index) => (
    <SplitRow key={rowKey(row)} row={row} isFirst={!row.isSame && (rows[index - 1]?.isSame ?? true)} />
  ));
}

const rowKey = ({ before, after }: Row): string => `${before?.number ?? ""}:${after?.number ?? ""}`;

/** `isFirst`: the first row of a change, which *next change* leads to. */
function SplitRow({ row: { before, after, isSame }, isFirst }: { row: Row; isFirst: boolean }) {
  const right = isSame && before && after ? { ...before, number: after.number } : after;
  return (
    <div className="compare-row" data-change-start={isFirst || undefined} data-same={isSame}>
      <Side line={before} side="old" change={isSame ? undefined : "removed"} />
      <Side line={right} side="new" change={isSame ? undefined : "added"} />
    </div>
  );
}

/** Shows each run of changed rows as its removed lines, then its added ones. */
function UnifiedRows({ rows }: { rows: readonly Row[] }) {
  const runs: Row[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && !row.isSame && !last[0]?.isSame) last.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const first = run[0];
    if (first?.isSame && first.before) {
      return (
        <div key={rowKey(first)} className="compare-row">
          <LineNumber number={first.before.number} side="old" />
          <Side line={first.before} side="new" number={first.after?.number} />
        </div>
      );
    }
    return (
      <Fragment key={first && rowKey(first)}>
        {run.map(
          (row) =>
            row.before && (
              <div key={row.before.number} className="compare-row" data-change-start={row === first || undefined}>
                <LineNumber number={row.before.number} side="old" change="removed" />
                <Side line={row.before} side="old" number={null} change="removed" />
              </div>
            ),
        )}
        {run.map(
          (row) =>
            row.after && (
              <div
                key={row.after.number}
                className="compare-row"
                data-change-start={(row === first && !row.before) || undefined}
              >
                <LineNumber side="old" change="added" />
                <Side line={row.after} side="new" change="added" />
              </div>
            ),
        )}
      </Fragment>
    );
  });
}

type Change = "added" | "removed";

const washClass = (change: Change | undefined) => change && `redline-${change}`;

type LineNumberProps = { number?: number; side: "old" | "new"; change?: Change };

/** A line's number, which is also its address: a reader of the code does not come past it. */
function LineNumber({ number, side, change }: LineNumberProps) {
  const path = useContext(PathContext);
  const className = classNames("compare-number", washClass(change));
  if (number === undefined || path === undefined) return <span className={className} data-line={number} />;
  const id = `${path}:${side}:${number}`;
  return (
    // biome-ignore lint/a11y/useAnchorContent: the number is drawn from the attribute, so that copied code is clean
    <a
      id={id}
      href={`#${encodeURIComponent(id)}`}
      className={className}
      data-line={number}
      aria-hidden="true"
      tabIndex={-1}
    />
  );
}

type SideProps = {
  line: Line | undefined;
  side: "old" | "new";
  /** Shown instead of the line's own number; null for none. */
  number?: number | null;
  change?: Change;
};

/** Shows a line. Its number and sign come from attributes, so that copied code is clean. */
function Side({ line, side, number, change }: SideProps) {
  if (!line) {
    return (
      <>
        <span className="compare-number compare-none" />
        <span className="compare-line compare-none" />
      </>
    );
  }
  return (
    <>
      <LineNumber number={number === null ? undefined : (number ?? line.number)} side={side} change={change} />
      <span className={classNames("compare-line", washClass(change))} data-change={change}>
        {change && <span className="sr-only select-none">{change}: </span>}
        <code>
          {change === "removed" ? <RemovedPieces pieces={line.pieces} /> : <Pieces pieces={line.pieces} />}
          {line.isCut && "…"}
        </code>
        {"\n"}
      </span>
    </>
  );
}
