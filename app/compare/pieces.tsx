import { Fragment } from "react";
import type { Piece } from "./rows";

/** Renders a line's pieces, with its changed words marked as inserted. */
export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, index) => {
    const text = piece.className ? <span className={piece.className}>{piece.text}</span> : piece.text;
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move
    return <Fragment key={index}>{piece.isChanged ? <ins>{text}</ins> : text}</Fragment>;
  });
}

/** Renders a removed line's pieces: its changed words are marked and struck, or else all of it is struck. */
export function RemovedPieces({ pieces }: { pieces: readonly Piece[] }) {
  const runs = splitRuns(pieces);
  return runs.map((run, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: runs of one line never move
    <Fragment key={index}>
      {run.isChanged || runs.length === 1 ? <StruckRun {...run} /> : <Pieces pieces={run.pieces} />}
    </Fragment>
  ));
}

type Run = { isChanged: boolean; pieces: Piece[] };

function StruckRun({ isChanged, pieces }: Run) {
  const [before, words, after] = splitBlankEnds(pieces.map(({ text, className }) => ({ text, className })));
  const struck = (
    <>
      {before}
      {words.length > 0 && (
        <del className="redline-struck">
          <Pieces pieces={words} />
        </del>
      )}
      {after}
    </>
  );
  return isChanged ? <span className="redline-removed-text">{struck}</span> : struck;
}

/** Splits pieces into runs that changed and runs that didn't. */
function splitRuns(pieces: readonly Piece[]): Run[] {
  const runs: Run[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    const isChanged = piece.isChanged === true;
    if (last?.isChanged === isChanged) last.pieces.push(piece);
    else runs.push({ isChanged, pieces: [piece] });
  }
  return runs;
}

/** Splits pieces into the blanks at their start, the rest, and the blanks at their end. */
export function splitBlankEnds(pieces: readonly Piece[]): [string, Piece[], string] {
  const text = pieces.map((piece) => piece.text).join("");
  const start = text.length - text.trimStart().length;
  const end = Math.max(start, text.trimEnd().length);
  let at = 0;
  const words = pieces.flatMap((piece) => {
    const from = at;
    at += piece.text.length;
    const kept = piece.text.slice(Math.max(0, start - from), Math.max(0, end - from));
    return kept === "" ? [] : [{ ...piece, text: kept }];
  });
  return [text.slice(0, start), words, text.slice(end)];
}
