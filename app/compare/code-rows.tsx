import { Fragment, memo } from "react";
import { classNames } from "../ui/class-names";
import type { Block, CompareView, Line, Row } from "./rows";

type CodeRowsProps = { blocks: readonly Block[]; view: CompareView; label: string };

/** Shows one file's rows, unified or side by side. */
export const CodeRows = memo(function CodeRows({ blocks, view, label }: CodeRowsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the page scrolls here, by keyboard too
    <section className="compare-code code" tabIndex={0} aria-label={label} data-view={view}>
      {blocks.map((block, index) =>
        block.kind === "shown" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one comparison never move
          <Rows key={index} rows={block.rows} view={view} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <FoldedLines key={index} block={block} view={view} />
        ),
      )}
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
  return view === "split" ? rows.map((row) => <SplitRow key={rowKey(row)} row={row} />) : <UnifiedRows rows={rows} />;
}

const rowKey = ({ before, after }: Row): string => `${before?.number ?? ""}:${after?.number ?? ""}`;

function SplitRow({ row: { before, after, isSame } }: { row: Row }) {
  const right = isSame && before && after ? { ...before, number: after.number } : after;
  return (
    <div className="compare-row">
      <Side line={before} change={isSame ? undefined : "removed"} />
      <Side line={right} change={isSame ? undefined : "added"} />
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
          <LineNumber number={first.before.number} />
          <Side line={first.before} number={first.after?.number} />
        </div>
      );
    }
    return (
      <Fragment key={first && rowKey(first)}>
        {run.map(
          ({ before }) =>
            before && (
              <div key={before.number} className="compare-row">
                <LineNumber number={before.number} change="removed" />
                <Side line={before} number={null} change="removed" />
              </div>
            ),
        )}
        {run.map(
          ({ after }) =>
            after && (
              <div key={after.number} className="compare-row">
                <LineNumber change="added" />
                <Side line={after} change="added" />
              </div>
            ),
        )}
      </Fragment>
    );
  });
}

type Change = "added" | "removed";

const washClass = (change: Change | undefined) => change && `redline-${change}`;

function LineNumber({ number, change }: { number?: number; change?: Change }) {
  return <span className={classNames("compare-number", washClass(change))} data-line={number} />;
}

type SideProps = {
  line: Line | undefined;
  /** Shown instead of the line's own number; null for none. */
  number?: number | null;
  change?: Change;
};

/** Shows a line. Its number and sign come from attributes, so that copied code is clean. */
function Side({ line, number, change }: SideProps) {
  if (!line) {
    return (
      <>
        <span className="compare-number" />
        <span className="compare-line compare-none" />
      </>
    );
  }
  const isWhole = change !== undefined && !line.pieces.some((piece) => piece.isChanged);
  const Mark = change === "removed" ? "del" : "ins";
  return (
    <>
      <LineNumber number={number === null ? undefined : (number ?? line.number)} change={change} />
      <span
        className={classNames("compare-line", washClass(change))}
        data-whole={isWhole || undefined}
        data-change={change}
      >
        {change && <span className="sr-only select-none">{change}: </span>}
        <code>
          {line.pieces.map((piece, index) => {
            const text = piece.className ? <span className={piece.className}>{piece.text}</span> : piece.text;
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move
            return <Fragment key={index}>{piece.isChanged ? <Mark>{text}</Mark> : text}</Fragment>;
          })}
          {line.isCut && "…"}
        </code>
        {"\n"}
      </span>
    </>
  );
}
