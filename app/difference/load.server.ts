import type { Actor } from "@redline/core/auth/schema";
import type { Codebase, TreeEntry } from "@redline/core/codebases/schema";
import {
  type DecidedFile,
  type Difference,
  type FileOnBothSides,
  queryVerdicts,
  textsOf,
} from "@redline/core/differences/internal";
import { newVerdictId } from "@redline/core/differences/schema";
import { LIMITS } from "@redline/core/limits";
import { highlight } from "@redline/core/review/index";
import { diffKnownLines } from "@redline/core/text/index";
import { packOnce } from "../editor/pack-once.server";
import { FILE_GROUPS, fileGroup } from "./file-groups";
import type { OpenBase, PageChange, PageDifference } from "./page";

/** A changed file of the list, in the order in which it is shown. */
export type ListedFile = { path: string; entry?: TreeEntry; shown: TreeEntry; change: PageChange };

/** Returns a difference's files by group, then path. Those that changed since they were given are counted anew. */
export async function listFiles(
  codebase: Codebase,
  { files }: Difference,
  decided: ReadonlyMap<string, DecidedFile>,
): Promise<ListedFile[]> {
  const listed = await Promise.all(files.map((each) => toListed(codebase, each, decided.get(each.file.path))));
  const rank = ({ change }: ListedFile) => FILE_GROUPS.indexOf(change.group);
  return listed.sort((one, two) => rank(one) - rank(two) || (one.path < two.path ? -1 : 1));
}

async function toListed(
  codebase: Codebase,
  each: FileOnBothSides,
  decided: DecidedFile | undefined,
): Promise<ListedFile> {
  const { file, before, after } = each;
  const { path, status, from, textless } = file;
  const { added, removed, hunks } = file;
  const isCounted = after?.hash === file.headHash && hunks !== undefined;
  const found = isCounted || textless ? { added, removed, hunks: hunks ?? 0 } : await countLines(codebase, each);
  const counts = { ...found, hunks: decided?.hunks ?? found.hunks, decided: decided?.decided ?? 0 };
  const about = { status, from, textless, ...counts, group: fileGroup(path), isPartial: file.parts !== undefined };
  const nothing = { path, hash: "", size: 0, lines: 0, language: before?.language ?? "text" };
  return { path, entry: after, shown: after ?? nothing, change: about };
}

async function countLines(codebase: Codebase, each: FileOnBothSides) {
  const { before, after, parts } = await textsOf(codebase, each);
  const hunks = diffKnownLines(before ?? "", after ?? "", parts);
  return {
    added: hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart, 0),
    removed: hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0),
    hunks: hunks.length,
  };
}

/** Loads the base of the open file. */
export async function loadOpenBase(
  actor: Actor,
  codebase: Codebase,
  each: FileOnBothSides,
  decided: DecidedFile | undefined,
): Promise<OpenBase> {
  const { file, before: entry, after } = each;
  const { status, from, textless, oldMode, newMode } = file;
  const about = { status, from, textless, oldMode, newMode, decisions: decided?.decisions ?? [] };
  const isTooLong = Math.max(entry?.size ?? 0, after?.size ?? 0) > LIMITS.review.maxFileBytes;
  if (isTooLong || textless) return { ...about, before: null, isTooLong };
  const { before, parts } = await textsOf(codebase, each);
  const known = parts && { parts };
  if (before === null || !entry) return { ...about, before: null, ...known, isTooLong };
  const { hash, language } = entry;
  const spans = await highlight(actor, { teamId: codebase.teamId, hash, text: before, language });
  return { ...about, before: { text: before, packed: packOnce(before, spans) }, ...known, isTooLong };
}

/** Loads what the page shows of a difference besides its files. */
export async function loadPageDifference(
  sessionId: string,
  { base, head, source }: Difference,
  shown: Pick<PageDifference, "view" | "open" | "turn">,
): Promise<PageDifference> {
  return { base, head, source, ...shown, verdicts: await queryVerdicts(sessionId), verdictId: newVerdictId() };
}
