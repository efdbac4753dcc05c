/**
 * Applies a diff of several files and commits: what comes later applies to what came of what is earlier. Where the text
 * does not tell an order that matters, it must come to the same either way.
 */
import { diffEdits } from "../diff-edits";
import { applyEdits, type TextEdit } from "../edits";
import { PatchRefused } from "../patch-refused";
import { DialectRefused, REFUSALS } from "./dialects";
import { placeHunks } from "./place";
import type { DiffFile, DiffText } from "./read";
import type { FileStep } from "./resolve";

/** A file as it was (null where there was none) and as it becomes (null where it goes), and the edits between. */
export type FileChange = { before: string | null; after: string | null; edits: TextEdit[]; exact: boolean };

/** The files that steps apply to: `read` returns null for a file that is not there. */
export type Tree = { read: (path: string) => string | null; exists: (path: string) => boolean };

export type Resolve = (file: DiffFile, exists: (path: string) => boolean) => FileStep;

/** The changes of each path. Throws PatchRefused. */
export function applyDiff(diff: DiffText, tree: Tree, resolve: Resolve): Map<string, FileChange> {
  const runs = ordersOf(diff);
  if (runs.length === 1) return runSteps(runs[0] as DiffFile[], tree, resolve);
  const results = runs.map((files) => attempt(() => runSteps(files, tree, resolve)));
  const independent = diff.hasCommits ? undefined : attempt(() => runApart(diff.files, tree, resolve));
  const done = [...results, ...(independent ? [independent] : [])];
  const succeeded = done.flatMap((each) => (each instanceof Map ? [each] : []));
  const [first] = succeeded;
  if (!first) throw done[0];
  if (succeeded.some((each) => !isSame(each, first))) {
    throw new PatchRefused(
      "The diff changes a file several times, and what comes of it depends on the order. Give one diff at a time.",
    );
  }
  return first;
}

function attempt<Result>(work: () => Result): Result | PatchRefused {
  try {
    return work();
  } catch (error) {
    if (error instanceof PatchRefused) return error;
    throw error;
  }
}

function isSame(one: Map<string, FileChange>, two: Map<string, FileChange>): boolean {
  return one.size === two.size && [...one].every(([path, { after }]) => two.get(path)?.after === after);
}

/** The orders in which the files of a text may be meant; one, unless some file comes more than once. */
export function ordersOf({ files, hasCommits, order }: DiffText): DiffFile[][] {
  const written = [...files];
  const groups = new Map<string, DiffFile[]>();
  for (const file of files) {
    for (const key of keysOf(file)) groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const repeated = [...groups.values()].filter((group) => group.length > 1);
  if (repeated.length === 0 || (hasCommits && order === "oldest-first")) return [written];
  const reversed = hasCommits ? newestLast(files) : [...files].reverse();
  const told = new Set(repeated.map(orderByBlobs).filter((each) => each !== undefined));
  if (told.size === 1) return [told.has("written") ? written : reversed];
  return [hasCommits ? reversed : written, hasCommits ? written : reversed];
}

function newestLast(files: readonly DiffFile[]): DiffFile[] {
  const commits = new Map<number, DiffFile[]>();
  for (const file of files) commits.set(file.commit, [...(commits.get(file.commit) ?? []), file]);
  return [...commits.values()].reverse().flat();
}

/** Git's names of the texts before and after make a chain in one direction. */
function orderByBlobs(files: readonly DiffFile[]): "written" | "reversed" | undefined {
  const chains = (first: DiffFile, then: DiffFile) => areSameBlob(first.blobs?.new, then.blobs?.old);
  const pairs = files.slice(1).map((file, at) => [files[at] as DiffFile, file] as const);
  const isWritten = pairs.every(([one, two]) => chains(one, two));
  const isReversed = pairs.every(([one, two]) => chains(two, one));
  if (isWritten === isReversed) return undefined;
  return isWritten ? "written" : "reversed";
}

const MIN_BLOB_DIGITS = 7;

function areSameBlob(one: string | undefined, two: string | undefined): boolean {
  if (!one || !two || Math.min(one.length, two.length) < MIN_BLOB_DIGITS) return false;
  return one.startsWith(two) || two.startsWith(one);
}

/** The names of a file without what may be a prefix, by which its other diffs are found. */
function keysOf({ from, to, git, named, renamed, copied }: DiffFile): Set<string> {
  const names = [from?.name, to?.name, git?.from, git?.to, named, renamed?.from, renamed?.to, copied?.from, copied?.to];
  const keys = names
    .filter((name) => name !== undefined && name !== "/dev/null")
    .map((name) => name?.split("/").at(-1) ?? "");
  return new Set(keys.length === 0 ? [""] : keys);
}

function runSteps(files: readonly DiffFile[], tree: Tree, resolve: Resolve): Map<string, FileChange> {
  const changes = new Map<string, FileChange>();
  let left = MAX_READ_CHARS;
  const read = (path: string): string | null => {
    const change = changes.get(path);
    const text = change ? change.after : tree.read(path);
    left -= text?.length ?? 0;
    if (left < 0) throw new PatchRefused("The diff takes too long to apply: give fewer diffs of large files.");
    return text;
  };
  const exists = (path: string): boolean => {
    const change = changes.get(path);
    return change ? change.after !== null : tree.exists(path);
  };
  const write = (path: string, after: string | null, step: { edits: TextEdit[]; exact: boolean }): void => {
    const known = changes.get(path);
    const before = known ? known.before : tree.read(path);
    const edits = known ? diffEdits(before ?? "", after ?? "") : step.edits;
    changes.set(path, { before, after, edits, exact: step.exact && known?.exact !== false });
  };
  for (const file of files) {
    const step = resolve(file, exists);
    try {
      runStep(file, step, { read, write });
    } catch (error) {
      if (error instanceof PatchRefused) error.path ??= step.path;
      throw error;
    }
  }
  return changes;
}

/** Each diff on the files as they are, as models mean it that give several for one file. */
function runApart(files: readonly DiffFile[], tree: Tree, resolve: Resolve): Map<string, FileChange> {
  const changes = new Map<string, FileChange>();
  for (const file of files) {
    for (const [path, change] of runSteps([file], tree, resolve)) {
      const known = changes.get(path);
      changes.set(path, known ? joinChanges(known, change) : change);
    }
  }
  return changes;
}

function joinChanges(one: FileChange, two: FileChange): FileChange {
  const edits = [...one.edits, ...two.edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const clash = edits.some((edit, at) => at > 0 && edit.start <= (edits[at - 1] as TextEdit).end);
  if (clash || one.before === null || one.after === null || two.after === null) {
    throw new PatchRefused("The diff changes the same lines of a file more than once.");
  }
  return { before: one.before, after: applyEdits(one.before, edits), edits, exact: one.exact && two.exact };
}

type Workspace = {
  read: (path: string) => string | null;
  write: (path: string, after: string | null, step: { edits: TextEdit[]; exact: boolean }) => void;
};

/** Characters of files that the steps of one diff may read together; a file that comes many times is read each time. */
const MAX_READ_CHARS = 60_000_000;

function runStep(file: DiffFile, step: FileStep, { read, write }: Workspace): void {
  const { kind, path } = step;
  const source = kind === "rename" || kind === "copy" ? step.source : path;
  const text = read(source);
  if (kind === "create") {
    if (text) throw new PatchRefused(`The file ${path} exists already.`);
    const placed = file.hunks.length === 0 ? { edits: [], exact: true } : placeHunks("", file);
    write(path, applyEdits("", placed.edits), placed);
    return;
  }
  if (text === null) throw new PatchRefused(`There is no file ${source}.`);
  if (kind === "edit" && file.hunks.length === 0) throw new PatchRefused("The diff shows no change of its text.");
  if (kind === "delete") {
    checkDeletion(text, file, path);
    write(path, null, { edits: [], exact: true });
    return;
  }
  const placed = file.hunks.length === 0 ? { edits: [], exact: true } : placeHunks(text, file);
  const after = applyEdits(text, placed.edits);
  if (kind === "edit") {
    write(path, after, placed);
    return;
  }
  if (read(path) !== null) throw new PatchRefused(`The file ${path} exists already.`);
  write(path, after, { edits: [{ start: 0, end: 0, text: after }], exact: placed.exact });
  if (kind === "rename") write(source, null, { edits: [], exact: true });
}

/** A diff that deletes quotes all of what it deletes. */
function checkDeletion(text: string, file: DiffFile, path: string): void {
  if (text === "" && file.hunks.length === 0) return;
  if (file.hunks.length === 0) throw new DialectRefused(REFUSALS.withoutContent);
  const { edits } = placeHunks(text, file);
  if (applyEdits(text, edits) !== "") throw new PatchRefused(`The diff that deletes ${path} leaves a part of it.`);
}
