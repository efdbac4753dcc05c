import { getText } from "../platform/blobs";
import type { MergedFile } from "../reviewers/schema";
import { applyEdits, merge } from "../text/index";
import type { FileConflict, FileEdit, TreeEntry } from "./schema";
import { sortTree, storeFile } from "./tree";

/** `mergedFiles` are those of which both sides had changed the text. */
export type MergedTree = { tree: TreeEntry[]; conflicts: FileConflict[]; merged: boolean; mergedFiles: MergedFile[] };

/** One side's text of a path; null for "no such file". */
type Side = string | null;

/**
 * Puts `edits`, made against their stored bases, onto the head's tree: a three-way merge per file. With conflicts the
 * tree is not to be used. `merged` says that at least one file had moved on since its base.
 */
export async function mergeIntoTree(teamId: string, head: TreeEntry[], edits: FileEdit[]): Promise<MergedTree> {
  const tree = new Map(head.map((entry) => [entry.path, entry]));
  const conflicts: FileConflict[] = [];
  const mergedFiles: MergedFile[] = [];
  let merged = false;
  for (const edit of edits) {
    const entry = tree.get(edit.path);
    const base: Side = edit.baseHash === null ? null : await getText(teamId, edit.baseHash);
    const mine: Side = edit.delete ? null : applyEdits(base ?? "", edit.edits);
    const theirs: Side = entry ? (entry.hash === edit.baseHash ? base : await getText(teamId, entry.hash)) : null;
    if (theirs !== base) merged = true;
    const result = mergeSides(base, mine, theirs);
    if (result.clean) {
      if (result.text === theirs && (!edit.language || edit.language === entry?.language)) continue;
      mergedFiles.push(...mergedFile({ path: edit.path, language: entry?.language, mine, theirs, text: result.text }));
      if (result.text === null) tree.delete(edit.path);
      else tree.set(edit.path, await storeFile(teamId, edit.path, result.text, edit.language ?? entry?.language));
    } else {
      conflicts.push({ path: edit.path, base, mine, theirs, regions: result.regions });
    }
  }
  return { tree: sortTree([...tree.values()]), conflicts, merged, mergedFiles };
}

/** The file, in a list, where its text is neither side's. */
export function mergedFile(file: {
  path: string;
  language?: string;
  mine: Side;
  theirs: Side;
  text: Side;
}): MergedFile[] {
  const { path, language, mine, theirs, text } = file;
  if (language === undefined || mine === null || theirs === null || text === null) return [];
  return text === mine || text === theirs ? [] : [{ path, language, mine, theirs, text }];
}

type SidesMerge = { clean: true; text: Side } | { clean: false; regions: FileConflict["regions"] };

/** The three-way merge with files that may be missing on any side. */
export function mergeSides(base: Side, mine: Side, theirs: Side): SidesMerge {
  if (theirs === base || mine === theirs) return { clean: true, text: mine };
  if (mine === base) return { clean: true, text: theirs };
  if (mine === null || theirs === null) return { clean: false, regions: [] };
  const result = merge(base ?? "", mine, theirs);
  return result.clean ? { clean: true, text: result.text } : { clean: false, regions: result.regions };
}
