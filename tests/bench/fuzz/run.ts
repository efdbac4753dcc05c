/**
 * Fuzzes the placing of changes: a random file, random edits of it, an answer that holds them in one of the formats, and
 * something wrong with the answer. The edits are known before they are rendered, and so is what must come of them; nothing
 * of the engine is asked for it.
 */
import { applyEdits, normalisePatch, type PatchFormat } from "@redline/core/text/index";
import { Random } from "../../support/random";
import { type Block, blocksOf, newOf, oldOf, render } from "./blocks";
import { DISTORTIONS, type Distorted, placesOf } from "./distortions";
import { type LineEdit, randomEdit, withEdits } from "./edits";
import { type RandomFile, randomFile, textOf } from "./files";

export type FuzzFigures = {
  bench: "fuzz";
  format: PatchFormat;
  distortion: string;
  n: number;
  applied: number;
  refused: number;
  wrong: number;
  /** Of answers with one right place and meaning: how many there were, and how many of them were refused. */
  clear: number;
  clear_refused: number;
};

/** One answer that went wrong, or was refused though it was clear. */
export type FuzzCase = {
  seed: number;
  format: PatchFormat;
  distortion: string;
  outcome: "wrong" | "refused";
  base: string;
  patch: unknown;
  expected: string | undefined;
  got: string;
};

type Case = {
  format: PatchFormat;
  distortion: string;
  base: string;
  patch: unknown;
  truth: string | undefined;
  isClear: boolean;
};

const FORMATS: readonly PatchFormat[] = ["unified", "edits", "search_replace"];

/** Runs `count` cases; the same seed gives the same ones. `onCase` hears of what did not go right. */
export function fuzz(count: number, seed: number, onCase: (one: FuzzCase) => void = () => {}): FuzzFigures[] {
  const figures = new Map<string, FuzzFigures>();
  for (let made = 0, at = 0; made < count; at++) {
    const own = Math.imul(seed, 1_000_003) + at;
    const one = makeCase(new Random(own));
    if (!one) continue;
    made++;
    const figure = figureOf(figures, one);
    figure.n++;
    if (one.isClear) figure.clear++;
    const result = normalisePatch(one.base, one.format, one.patch);
    const got = result.ok ? applyEdits(one.base, result.edits) : result.reason;
    const outcome = !result.ok ? "refused" : got === one.truth ? "applied" : "wrong";
    figure[outcome]++;
    if (outcome === "refused" && one.isClear) figure.clear_refused++;
    if (outcome === "wrong" || (outcome === "refused" && one.isClear)) {
      onCase({
        seed: own,
        format: one.format,
        distortion: one.distortion,
        outcome,
        base: one.base,
        patch: one.patch,
        expected: one.truth,
        got,
      });
    }
  }
  return [...figures.values()].sort(
    (one, two) => one.format.localeCompare(two.format) || one.distortion.localeCompare(two.distortion),
  );
}

function figureOf(figures: Map<string, FuzzFigures>, { format, distortion }: Case): FuzzFigures {
  const key = `${format} ${distortion}`;
  const known = figures.get(key);
  if (known) return known;
  const made: FuzzFigures = {
    bench: "fuzz",
    format,
    distortion,
    n: 0,
    applied: 0,
    refused: 0,
    wrong: 0,
    clear: 0,
    clear_refused: 0,
  };
  figures.set(key, made);
  return made;
}

/** Undefined where chance gave nothing to try: an edit that fits nowhere, a distortion that changes nothing. */
function makeCase(random: Random): Case | undefined {
  const original = randomFile(random);
  const format = random.pick(FORMATS);
  const edits = someEdits(random, original);
  const blocks = edits && blocksOf(random, original, edits, format);
  if (!edits || !blocks) return undefined;
  const distortion = random.pick(Object.keys(DISTORTIONS)) as keyof typeof DISTORTIONS;
  const distorted: Distorted | undefined = DISTORTIONS[distortion]({ random, file: original, blocks, format });
  if (!distorted) return undefined;
  const file = distorted.file ?? original;
  const truth =
    distorted.right === "refused" ? undefined : textOf(withEdits(file, moveTo(edits, blocks, distorted, file)));
  if (truth === textOf(file)) return undefined;
  // One blank line is written as a text of nothing, which in these formats deletes.
  const isNothing = (block: Block) => newOf(block).length === 1 && newOf(block)[0] === "";
  if (format !== "unified" && distorted.blocks.some(isNothing)) return undefined;
  const patch = render(file, format, distorted.blocks, distortion === "none" && random.chance(0.3));
  return {
    format,
    distortion,
    base: textOf(file),
    patch,
    truth,
    isClear: distorted.right === "applied" && isClear(original, format, distortion, distorted.blocks),
  };
}

function someEdits(random: Random, file: RandomFile): LineEdit[] | undefined {
  const edits: LineEdit[] = [];
  const count = random.pick([1, 1, 1, 2, 3]);
  for (let tries = 0; edits.length < count && tries < 12; tries++) {
    const edit = randomEdit(random, file);
    // Two lines apart, so that no two edits of one answer can claim the same lines.
    if (edit && edits.every((other) => edit.start > other.end + 1 || edit.end + 1 < other.start)) edits.push(edit);
  }
  return edits.length > 0 ? edits.sort((one, two) => one.start - two.start) : undefined;
}

/** The edits where the file that the answer meets has grown above them. */
function moveTo(
  edits: readonly LineEdit[],
  blocks: readonly Block[],
  { blocks: moved, file }: Distorted,
  met: RandomFile,
): LineEdit[] {
  if (!file || met.lines.length === 0) return [...edits];
  const shift = (moved[0]?.start ?? 0) - (blocks[0]?.start ?? 0);
  return edits.map((edit) => ({ ...edit, start: edit.start + shift, end: edit.end + shift }));
}

/** Whether the answer has one place: stated truly, or the only one where its lines stand but for blanks. */
function isClear(file: RandomFile, format: PatchFormat, distortion: string, blocks: readonly Block[]): boolean {
  if (format !== "search_replace" && distortion !== "moved") return true;
  const exactly = (lines: readonly string[]) =>
    `\n${file.lines.join("\n")}\n`.split(`\n${lines.join("\n")}\n`).length === 2;
  return (
    blocks.every((block) => placesOf(file, oldOf(block)) === 1 || (distortion === "none" && exactly(oldOf(block)))) &&
    blocks.some((block) => newOf(block).length >= 0)
  );
}
