import { mergeSides } from "../codebases/internal";
import type { FileEdit, TreeEntry } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { applyEdits, diffEdits, editHunks } from "../text/index";
import type { Hunk } from "./schema";

/**
 * Returns the edits that turn `before` into `after`: one entry for each file that differs, against its text in
 * `before`.
 */
export async function editsBetween(
  teamId: string,
  before: readonly TreeEntry[],
  after: readonly TreeEntry[],
): Promise<FileEdit[]> {
  const from = new Map(before.map((entry) => [entry.path, entry]));
  const to = new Map(after.map((entry) => [entry.path, entry]));
  const edits: FileEdit[] = [];
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    const a = from.get(path);
    const b = to.get(path);
    if (a && b && a.hash === b.hash && a.language === b.language) continue;
    const fromText = a ? await getText(teamId, a.hash) : "";
    if (!b) edits.push({ path, baseHash: a?.hash ?? null, edits: [], delete: true });
    else {
      const toText = await getText(teamId, b.hash);
      edits.push({ path, baseHash: a?.hash ?? null, edits: diffEdits(fromText, toText), language: b.language });
    }
  }
  return edits;
}

/** Returns new texts of files of `base` as edits. A text of null deletes the file. */
export async function editsOfTexts(
  teamId: string,
  base: readonly TreeEntry[],
  files: readonly { path: string; text: string | null }[],
): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const { path, text } of files) {
    const entry = base.find((each) => each.path === path);
    const before = entry ? await getText(teamId, entry.hash) : "";
    if (text === null) {
      if (entry) edits.push({ path, baseHash: entry.hash, edits: [], delete: true });
    } else if (!entry || text !== before) {
      edits.push({ path, baseHash: entry?.hash ?? null, edits: diffEdits(before, text) });
    }
  }
  return edits;
}

/** The hunks of a change, in the order of its files: what a person accepts or rejects one by one. */
export async function hunksOf(teamId: string, edits: readonly FileEdit[]): Promise<Hunk[]> {
  const hunks: Hunk[] = [];
  for (const file of edits) {
    const base = file.baseHash === null ? "" : await getText(teamId, file.baseHash);
    const parts = file.edits.length > 0 ? editHunks(base, file.edits) : [{ startLine: 1, endLine: 1, edits: [] }];
    for (const part of parts) hunks.push({ index: hunks.length, path: file.path, ...part });
  }
  return hunks;
}

/** Splits a change's edits into those of the chosen hunks and the rest. */
export function splitEdits(
  edits: readonly FileEdit[],
  hunks: readonly Hunk[],
  chosen: ReadonlySet<number>,
): { accepted: FileEdit[]; rest: FileEdit[] } {
  const part = (wanted: boolean) =>
    edits.flatMap((file): FileEdit[] => {
      const own = hunks.filter((hunk) => hunk.path === file.path && chosen.has(hunk.index) === wanted);
      return own.length === 0 ? [] : [{ ...file, edits: own.flatMap((hunk) => hunk.edits) }];
    });
  return { accepted: part(true), rest: part(false) };
}

/**
 * Returns a proposal's edits against another tree, or null when it conflicts there. Files it no longer changes are left
 * out.
 */
export async function rebaseEdits(
  teamId: string,
  edits: readonly FileEdit[],
  tree: readonly TreeEntry[],
): Promise<FileEdit[] | null> {
  const rebased: FileEdit[] = [];
  for (const file of edits) {
    const entry = tree.find((each) => each.path === file.path);
    if ((entry?.hash ?? null) === file.baseHash) {
      rebased.push(file);
      continue;
    }
    const base = file.baseHash === null ? null : await getText(teamId, file.baseHash);
    const mine = file.delete ? null : applyEdits(base ?? "", file.edits);
    const theirs = entry ? await getText(teamId, entry.hash) : null;
    const result = mergeSides(base, mine, theirs);
    if (!result.clean) return null;
    if (result.text === theirs) continue;
    if (result.text === null) rebased.push({ path: file.path, baseHash: entry?.hash ?? null, edits: [], delete: true });
    else rebased.push({ ...file, baseHash: entry?.hash ?? null, edits: diffEdits(theirs ?? "", result.text) });
  }
  return rebased;
}
