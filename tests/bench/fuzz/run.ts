/**
 * Fuzzes the placing of changes: a random file, random edits of it, an answer that holds them in one of the formats, and
 * something wrong with the answer. The edits are known before they are rendered, and so is what must come of them; nothing
 * of the engine is asked for it. Formats, distortions and languages take turns, so that each three of them have as many
 * cases as any other.
 */
import { applyEdits, normalisePatch, type PatchFormat } from "@redline/core/text/index";
import { Random } from "../../support/random";
import { type Block, blocksOf, isInsertion, newOf, oldOf } from "./blocks";
import { hasOnePlace } from "./distortion";
import { DISTORTIONS, type DistortionName } from "./distortions";
import { type LineEdit, randomEdit, withEdits } from "./edits";
import { type RandomFile, randomFile, textOf } from "./files";
import { LANGUAGES, type Language } from "./languages";
import { PLAIN, render } from "./render";

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

type Turn = { format: PatchFormat; distortion: DistortionName; language: Language };

/** One answer that went wrong, or was refused though it was clear. `seed` and the turn make it again. */
export type FuzzCase = Turn & {
  seed: number;
  outcome: "wrong" | "refused";
  base: string;
  patch: unknown;
  expected: string | undefined;
  got: string;
};

type Case = { base: string; patch: unknown; truth: string | undefined; isClear: boolean };

/** Files that edits are made of; random ones unless told. */
export type FileSource = (random: Random, language: Language) => RandomFile;

const FORMATS: readonly PatchFormat[] = ["unified", "edits", "search_replace"];
const DISTORTION_NAMES = Object.keys(DISTORTIONS) as DistortionName[];
/** A turn for which so many tries give nothing has no cases: there are no tabs to be wrong of in YAML. */
const MAX_TRIES = 400;

const TURNS: readonly Turn[] = LANGUAGES.flatMap((language) =>
  DISTORTION_NAMES.flatMap((distortion) => FORMATS.map((format) => ({ format, distortion, language }))),
);

/** Runs `count` cases; the same seed gives the same ones. `onCase` hears of what did not go right. */
export function fuzz(
  count: number,
  seed: number,
  onCase: (one: FuzzCase) => void = () => {},
  source: FileSource = randomFile,
): FuzzFigures[] {
  const figures = new Map<string, FuzzFigures>();
  const empty = new Set<Turn>();
  let own = Math.imul(seed, 1_000_003);
  for (let made = 0, at = 0; made < count && empty.size < TURNS.length; at++) {
    const turn = TURNS[at % TURNS.length] as Turn;
    if (empty.has(turn)) continue;
    let one: Case | undefined;
    for (let tries = 0; !one && tries < MAX_TRIES; tries++) one = makeCase(new Random(++own), turn, source);
    if (!one) {
      empty.add(turn);
      continue;
    }
    made++;
    judge(one, turn, own, figureOf(figures, turn), onCase);
  }
  return [...figures.values()].sort(
    (one, two) => one.format.localeCompare(two.format) || one.distortion.localeCompare(two.distortion),
  );
}

function judge(one: Case, turn: Turn, seed: number, figure: FuzzFigures, onCase: (one: FuzzCase) => void): void {
  figure.n++;
  if (one.isClear) figure.clear++;
  const result = normalisePatch(one.base, turn.format, one.patch);
  const got = result.ok ? applyEdits(one.base, result.edits) : result.reason;
  // The consumer refuses edits without an effect: "the code is like that already".
  const outcome = !result.ok || got === one.base ? "refused" : got === one.truth ? "applied" : "wrong";
  figure[outcome]++;
  if (outcome === "refused" && one.isClear) figure.clear_refused++;
  if (outcome === "applied" || (outcome === "refused" && !one.isClear)) return;
  onCase({ ...turn, seed, outcome, base: one.base, patch: one.patch, expected: one.truth, got });
}

function figureOf(figures: Map<string, FuzzFigures>, { format, distortion }: Turn): FuzzFigures {
  const key = `${format} ${distortion}`;
  const known = figures.get(key);
  if (known) return known;
  const counts = { n: 0, applied: 0, refused: 0, wrong: 0, clear: 0, clear_refused: 0 };
  const made: FuzzFigures = { bench: "fuzz", format, distortion, ...counts };
  figures.set(key, made);
  return made;
}

/** Undefined where chance gave nothing to try: an edit that fits nowhere, a distortion that changes nothing. */
function makeCase(random: Random, { format, distortion, language }: Turn, source: FileSource): Case | undefined {
  const original = source(random, language);
  const edits = someEdits(random, original);
  const blocks = edits && blocksOf(random, original, edits, format);
  if (!edits || !blocks) return undefined;
  const distorted = DISTORTIONS[distortion]({ random, file: original, edits, blocks, format });
  if (!distorted) return undefined;
  const file = distorted.file ?? original;
  const truth = distorted.right === "refused" ? undefined : textOf(withEdits(file, distorted.edits ?? edits));
  if (truth === textOf(file)) return undefined;
  // One blank line is written as a text of nothing, which in these formats deletes.
  const isNothing = (block: Block) => newOf(block).length === 1 && newOf(block)[0] === "" && !isInsertion(block);
  if (format !== "unified" && distorted.blocks.some(isNothing)) return undefined;
  // A search that ends in a blank line, and is replaced by nothing, is one that ends in a newline.
  const isEnded = (block: Block) => newOf(block).length === 0 && /^[ \t]*$/.test(oldOf(block).at(-1) ?? "-");
  if (format === "search_replace" && distorted.blocks.some(isEnded)) return undefined;
  // The last blank line of a search reads as the end of the line before it, too: what stands so to the letter, and with the
  // blank line nowhere, is the quote of that place, wherever it was taken from.
  const base = textOf(file);
  const isQuoteOfAnother = (block: Block) => {
    const text = oldOf(block).join("\n");
    return text.endsWith("\n") && base.includes(text) && !base.includes(`${text}\n`);
  };
  if (format === "search_replace" && distorted.blocks.some(isQuoteOfAnother)) return undefined;
  const patch = render(file, format, distorted.blocks, { ...PLAIN, ...distorted.rendering });
  const isClear = distorted.right === "applied" && goesByPlace(file, format, distortion, distorted.blocks);
  return { base, patch, truth, isClear };
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

/**
 * Whether the answer has one place: as the only one where its lines stand but for blanks, or, in edits, by true numbers.
 * Those of a diff are not trusted alone (ADR 21).
 */
function goesByPlace(file: RandomFile, format: PatchFormat, distortion: string, blocks: readonly Block[]): boolean {
  if (format === "edits" && distortion !== "moved" && distortion !== "near") return true;
  return blocks.every((block) => isInsertion(block) || hasOnePlace(file, block));
}
