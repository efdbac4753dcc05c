/** All that goes wrong between a change and the answer that holds it. */
import * as blanks from "./blank-distortions";
import type { Distortion } from "./distortion";
import * as places from "./place-distortions";
import type { Rendering } from "./render";

const none: Distortion = ({ random, blocks }) => ({
  blocks,
  right: "applied",
  rendering: { keepsReturns: random.chance(0.3), endsInNewline: random.chance(0.3), hasNames: random.chance(0.7) },
});

/** A diff whose headers count wrong, or whose blank lines lost their space. */
const counts: Distortion = ({ random, blocks, format }) => {
  if (format !== "unified") return undefined;
  const rendering: Partial<Rendering> = { countsRight: random.chance(0.3), keepsSpaces: random.chance(0.5) };
  return { blocks, right: "applied", rendering };
};

/** A text with CRLF for a file whose lines end in LF. */
const returns: Distortion = ({ blocks, file }) =>
  file.style.newline === "\n" && (file.lines.length > 1 || file.style.endsInNewline)
    ? { blocks, right: "either", rendering: { addsReturns: true } }
    : undefined;

export const DISTORTIONS = {
  none,
  dedent: blanks.dedent,
  "dedent-quote": blanks.dedentQuote,
  indent: blanks.indent,
  tabs: blanks.tabs,
  width: blanks.width,
  blanks: blanks.blanks,
  collapse: blanks.collapse,
  trailing: blanks.trailing,
  stripped: blanks.stripped,
  trimmed: blanks.trimmed,
  "blank-lines": blanks.blankLines,
  returns,
  counts,
  part: places.part,
  stale: places.stale,
  near: places.near,
  moved: places.moved,
  targets: places.targets,
} satisfies Record<string, Distortion>;

export type DistortionName = keyof typeof DISTORTIONS;
