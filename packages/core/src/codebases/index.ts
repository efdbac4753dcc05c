import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { getText } from "../platform/blobs";
import { days, nowIso, nowSeconds } from "../platform/clock";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import { operation } from "../platform/operation";
import { diffLines } from "../text/index";
import { toCodebase } from "./codebase";
import { draftText, packDraft, readDraft, removeDraft, type StoredDraft, writeDraft } from "./drafts";
import { versionOf } from "./internal";
import { cleanPath, repeatedPath, repeatedSentence } from "./paths";
import { type Codebase, draftIdSchema, type FileComparison, type TreeEntry } from "./schema";
import { queryVersions, readHead, toVersion } from "./store";

const codebaseId = v.pipe(v.string(), v.regex(/^cod_[0-9A-Za-z]{26}$/, "That is not a codebase's id."));
const versionNumber = v.pipe(v.number("Enter a version number."), v.integer(), v.minValue(1));

/** Returns the codebase at its head. Throws CODEBASE_NOT_FOUND. Every operation below checks access by this load. */
export const getCodebase = operation("codebases.get", "code.read", v.object({ id: codebaseId }), loadCodebase);

async function loadCodebase(actor: Actor, { id }: { id: string }): Promise<Codebase> {
  return toCodebase(actor, await readHead(id));
}

/** Returns a version and its files. Version numbers start at 1. Throws VERSION_NOT_FOUND. */
export const readVersion = operation(
  "codebases.readVersion",
  "code.read",
  v.object({ codebaseId, version: versionNumber }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    return versionOf(codebase, input.version);
  },
);

/** Returns a file's text, at the head or at a version. Throws FILE_NOT_FOUND. */
export const readFile = operation(
  "codebases.readFile",
  "code.read",
  v.object({ codebaseId, path: v.pipe(v.string(), v.normalize("NFC")), version: v.optional(versionNumber) }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const number = input.version ?? codebase.number;
    const tree = number === codebase.number ? codebase.tree : (await versionOf(codebase, number)).tree;
    const entry = tree.find((each) => each.path === input.path);
    if (!entry) throw new AppError("FILE_NOT_FOUND", `Version ${number} has no file "${input.path.slice(0, 120)}".`);
    return { entry, text: await getText(codebase.teamId, entry.hash), version: number };
  },
);

/** Returns versions, newest first, a page at a time. */
export const listVersions = operation(
  "codebases.listVersions",
  "code.read",
  v.object({ codebaseId, cursor: v.optional(v.string()) }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const scope = `versions ${codebase.id}`;
    const { versions, lastKey } = await queryVersions(codebase.id, {
      limit: LIMITS.versions.pageSize,
      startKey: input.cursor ? decodeCursor(input.cursor, scope) : undefined,
    });
    return {
      versions: versions.map(toVersion),
      nextCursor: lastKey && encodeCursor(lastKey, scope),
    };
  },
);

/**
 * Returns the files that differ between two versions, with the texts of both sides (null where a file does not exist).
 */
export const compareVersions = operation(
  "codebases.compareVersions",
  "code.read",
  v.object({ codebaseId, from: versionNumber, to: versionNumber }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const [from, to] = await Promise.all([versionOf(codebase, input.from), versionOf(codebase, input.to)]);
    return { from: from.version, to: to.version, files: await compareTrees(codebase.teamId, from.tree, to.tree) };
  },
);

async function compareTrees(teamId: string, from: TreeEntry[], to: TreeEntry[]) {
  const before = new Map(from.map((entry) => [entry.path, entry]));
  const after = new Map(to.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const files: (FileComparison & { fromText: string | null; toText: string | null })[] = [];
  for (const path of paths) {
    const a = before.get(path);
    const b = after.get(path);
    if (a && b && a.hash === b.hash) continue;
    const fromText = a ? await getText(teamId, a.hash) : null;
    const toText = b ? await getText(teamId, b.hash) : null;
    const hunks = diffLines(fromText ?? "", toText ?? "");
    files.push({
      path,
      status: a ? (b ? "changed" : "removed") : "added",
      from: a,
      to: b,
      added: hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart, 0),
      removed: hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0),
      fromText,
      toText,
    });
  }
  return files;
}

/** The unsaved edits of one browser tab: the texts of the files it changed, and its base version. */
export type Draft = { draftId: string; base: number; files: { path: string; text: string }[]; savedAt: string };

const draftFiles = v.pipe(
  v.array(v.object({ path: v.pipe(v.string(), v.transform(cleanPath)), text: v.string() })),
  v.maxLength(LIMITS.session.maxFiles),
  v.check(
    (files) => repeatedPath(files) === null,
    ({ input }) => repeatedSentence(repeatedPath(input)),
  ),
);

/** Saves a tab's draft, replacing its previous one. A draft is not a version. */
export const saveDraft = operation(
  "codebases.saveDraft",
  "code.edit",
  v.object({ codebaseId, draftId: draftIdSchema, base: versionNumber, files: draftFiles }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    for (const { path, text } of input.files) {
      if (Buffer.byteLength(text) > LIMITS.file.maxBytes) {
        throw new AppError("FILE_TOO_LARGE", `${path} is over 5 MB; the draft was not kept.`, { field: path });
      }
    }
    const files = await packDraft(codebase.teamId, input.files);
    const savedAt = nowIso();
    await writeDraft({
      codebaseId: codebase.id,
      userId: actor.userId,
      draftId: input.draftId,
      base: input.base,
      files,
      savedAt,
      ttl: nowSeconds() + days(LIMITS.draft.keepDays),
    });
    return { savedAt };
  },
);

/** Returns the actor's draft of a tab, or null. */
export const getDraft = operation(
  "codebases.getDraft",
  "code.read",
  v.object({ codebaseId, draftId: draftIdSchema }),
  async (actor, input): Promise<Draft | null> => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const stored = await readDraft(codebase.id, actor.userId, input.draftId);
    return stored ? withTexts(codebase.teamId, stored) : null;
  },
);

export const discardDraft = operation(
  "codebases.discardDraft",
  "code.edit",
  v.object({ codebaseId, draftId: draftIdSchema }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    await removeDraft(codebase.id, actor.userId, input.draftId);
  },
);

async function withTexts(teamId: string, stored: StoredDraft): Promise<Draft> {
  const { draftId, base, savedAt } = stored;
  const files = await Promise.all(
    stored.files.map(async (file) => ({ path: file.path, text: await draftText(teamId, file) })),
  );
  return { draftId, base, savedAt, files };
}
