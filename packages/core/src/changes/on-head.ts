import { mergedFile, mergeSides } from "../codebases/internal";
import type { Codebase, FileEdit } from "../codebases/schema";
import { getText } from "../platform/blobs";
import type { MergedFile } from "../reviewers/schema";
import { applyEdits, diffEdits, editHunks, type TextEdit } from "../text/index";
import { hunksOf } from "./edits";
import { evidenceOnHead } from "./evidence";
import type { Change, Evidence } from "./schema";
import { readChange } from "./store";

/** One file of a proposed change as it stands on the head; `edits` are of the head's text. */
export type FileOnHead = {
  path: string;
  /** The head's text that `edits` are of; null where there is no such file. */
  hash: string | null;
  edits: TextEdit[];
  /** The numbers of this file's hunks in the change; null where they are not the head's, and only all may be applied. */
  hunks: { first: number; count: number } | null;
  /** The first line that it touches, 1-based. */
  startLine: number;
  isNew?: true;
  isDeleted?: true;
};

/**
 * The state of a proposed change on the head. `change` is its current successor: where hunks of it were accepted, or a
 * review proposed it anew, a later one. `files` are empty once there is nothing left to accept.
 */
export type ChangeOnHead = {
  id: string;
  change: Change;
  /** Versions that it, or hunks of it, became. */
  appliedAs: number[];
  files: FileOnHead[];
  /** It cannot be merged into the head as it is. */
  isConflict: boolean;
  /** The evidence of when it was proposed, or of its merge with the head where that moved since. */
  evidence?: Evidence;
};

/** The maximum number of successors to follow. */
const MAX_STEPS = 100;

/** Returns changes on the head of a codebase that was loaded through an actor already; unknown ones are omitted. */
export async function changesOnHead(codebase: Codebase, ids: readonly string[]): Promise<ChangeOnHead[]> {
  const found = await Promise.all([...new Set(ids)].map((id) => onHead(codebase, id)));
  return found.filter((each): each is ChangeOnHead => each !== undefined);
}

async function onHead(codebase: Codebase, id: string): Promise<ChangeOnHead | undefined> {
  const standing = await follow(codebase, id);
  if (!standing) return undefined;
  const { change, appliedAs } = standing;
  const about = { id, change, appliedAs, ...(change.evidence && { evidence: change.evidence }) };
  if (change.status !== "proposed" && change.status !== "conflicted") return { ...about, files: [], isConflict: false };
  const hunks = await hunksOf(codebase.teamId, change.edits);
  const files: FileOnHead[] = [];
  const merged: MergedFile[] = [];
  for (const file of change.edits) {
    const own = hunks.filter((hunk) => hunk.path === file.path);
    const numbers = { first: own[0]?.index ?? 0, count: hunks.length, own: own.length };
    const placed = await placeFile(codebase, file, numbers);
    if (placed === "conflict") return { ...about, files: [], isConflict: true };
    if (!placed) continue;
    files.push(placed.file);
    merged.push(...placed.merged);
  }
  const evidence = merged.length > 0 ? await evidenceOnHead(codebase.teamId, change, merged) : change.evidence;
  return { ...about, files, isConflict: false, ...(evidence && { evidence }) };
}

/** Returns the current successor of a change, and the versions that parts of it became. */
async function follow(codebase: Codebase, id: string) {
  const appliedAs: number[] = [];
  let standing: Change | undefined;
  const queue = [id];
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = queue.shift();
    if (next === undefined) break;
    const change = await readChange(codebase.teamId, codebase.id, next);
    if (!change) continue;
    if (change.status === "applied" && change.appliedAs !== undefined) appliedAs.push(change.appliedAs);
    queue.push(...(change.supersededBy ?? []));
    const isOpen = change.status === "proposed" || change.status === "conflicted";
    const isStandingOpen = standing?.status === "proposed" || standing?.status === "conflicted";
    if (isOpen || !isStandingOpen) standing = change;
  }
  return standing && { change: standing, appliedAs };
}

/** Merges one file of a change into the head; undefined where the head has it already. */
async function placeFile(
  { teamId, tree }: Codebase,
  file: FileEdit,
  { first, count, own }: { first: number; count: number; own: number },
): Promise<{ file: FileOnHead; merged: MergedFile[] } | "conflict" | undefined> {
  const entry = tree.find((each) => each.path === file.path);
  const { path, baseHash } = file;
  const at = { path, hash: entry?.hash ?? null };
  const theirs = entry ? await getText(teamId, entry.hash) : null;
  const kind = { ...(theirs === null && { isNew: true as const }), ...(file.delete && { isDeleted: true as const }) };
  const startOf = (edits: TextEdit[]) => {
    const line = editHunks(theirs ?? "", edits)[0]?.startLine ?? 1;
    // An edit that begins with the end of a line leaves that line as it is.
    return theirs?.[edits[0]?.start ?? 0] === "\n" && (edits[0]?.end ?? 0) > (edits[0]?.start ?? 0) ? line + 1 : line;
  };
  if (at.hash === baseHash) {
    const startLine = startOf(file.edits);
    return { file: { ...at, edits: file.edits, hunks: { first, count }, startLine, ...kind }, merged: [] };
  }
  const base = baseHash === null ? null : await getText(teamId, baseHash);
  const mine = file.delete ? null : applyEdits(base ?? "", file.edits);
  const result = mergeSides(base, mine, theirs);
  if (!result.clean) return "conflict";
  if (result.text === theirs) return undefined;
  const edits = result.text === null ? [] : diffEdits(theirs ?? "", result.text);
  const isSame = editHunks(theirs ?? "", edits).length === own;
  const hunks = isSame ? { first, count } : null;
  return {
    file: { ...at, edits, hunks, startLine: startOf(edits), ...kind },
    merged: mergedFile({ path, language: entry?.language, mine, theirs, text: result.text }),
  };
}
