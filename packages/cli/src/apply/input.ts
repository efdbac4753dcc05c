/** Reads what is to be applied: a diff in any dialect of the text engine, or changes as JSON. */
import { type DiffText, PatchRefused, readDiffText } from "@redline/core/text/index";
import * as v from "valibot";

const Offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const OffsetEdits = v.pipe(v.array(v.object({ start: Offset, end: Offset, text: v.string() })), v.minLength(1));
const LineEdits = v.pipe(
  v.array(
    v.object({
      start_line: v.pipe(v.number(), v.integer()),
      end_line: v.pipe(v.number(), v.integer()),
      original: v.string(),
      replacement: v.string(),
    }),
  ),
  v.minLength(1),
);
const SearchReplace = v.pipe(v.array(v.object({ search: v.string(), replace: v.string() })), v.minLength(1));
const BlobId = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "is no name of a git blob"));

/** `base` is git's name of the text that offsets count in. */
const Placed = v.object({ base: BlobId, edits: OffsetEdits });
const Change = v.union([
  v.object({ path: v.string(), ...Placed.entries }),
  v.object({ path: v.string(), edits: v.union([LineEdits, SearchReplace]) }),
  // A finding of `redline review --format json`.
  v.object({ path: v.string(), fix: Placed }),
]);
const Changes = v.union([Change, v.array(Change), v.object({ changes: v.array(Change) })]);

export type FileEdits =
  | { path: string; format: "offsets"; base: string; edits: v.InferOutput<typeof OffsetEdits> }
  | { path: string; format: "edits" | "search_replace"; edits: object[] };

export type Input = { kind: "diff"; diff: DiffText } | { kind: "edits"; files: FileEdits[] };

/** Throws PatchRefused for a text that is neither. */
export function readInput(text: string): Input {
  return /^\s*[[{]/.test(text)
    ? { kind: "edits", files: readChanges(text) }
    : { kind: "diff", diff: readDiffText(text) };
}

function readChanges(text: string): FileEdits[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PatchRefused(`The change is not valid JSON: ${(error as Error).message}`);
  }
  const parsed = v.safeParse(Changes, value);
  if (!parsed.success) throw new PatchRefused(`The change has not the shape of one: ${EXPECTED}`);
  const { output } = parsed;
  const changes = Array.isArray(output) ? output : "changes" in output ? output.changes : [output];
  return changes.map(toFileEdits);
}

const EXPECTED =
  "{path, edits} with edits of {start_line, end_line, original, replacement} or {search, replace}, or {path, base, edits} with edits of {start, end, text}.";

function toFileEdits(change: v.InferOutput<typeof Change>): FileEdits {
  const { path } = change;
  if ("fix" in change) return { path, format: "offsets", ...change.fix };
  if ("base" in change) return { path, format: "offsets", base: change.base, edits: change.edits };
  const isSearch = change.edits.every((edit) => "search" in edit);
  return { path, format: isSearch ? "search_replace" : "edits", edits: change.edits };
}
