import * as v from "valibot";
import { resolveTeam } from "../access/index";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import { appendVersions, firstVersions, type VersionStep } from "../codebases/internal";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { deleteObject, hashText } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { derivedId } from "../platform/ids";
import { count } from "../platform/metrics";
import { operation } from "../platform/operation";
import { writeAll } from "../platform/transaction";
import { getSession } from "../sessions/index";
import {
  createSessionWrites,
  differenceWrite,
  fileFactsOf,
  importFiles,
  invalidateRecentSessions,
  readUpload,
} from "../sessions/internal";
import { type DifferenceSource, type Session, sessionId } from "../sessions/schema";
import { openTurnLabel } from "./decisions/turn";
import { differenceOf } from "./read";
import {
  addHeadSchema,
  createDifferenceSchema,
  createFromPatchSchema,
  type DifferenceFile,
  isPatchName,
  type Verdict,
  verdictSchema,
} from "./schema";
import { readContent, type StoredSides, storeSides } from "./sides";
import { headWrite, queryHeads, queryVerdicts, readDifferenceHead, writeVerdict } from "./store";

export { acceptLines, endTurn, listDecisions, rejectLines, startTurn, undoDecision } from "./decisions/index";
export { exportPatch, exportReview, promptOf } from "./export";
export { filesAfter, versionAfter } from "./follow";
export { changesSince } from "./interdiff";

/**
 * Creates a session that reviews a difference: version 1 of its code holds the base's files, version 2 the head's, and a
 * review of it is requested. Idempotent: the same `key` with the same content returns the same session.
 */
export const createDifference = operation(
  "differences.create",
  "sessions.create",
  createDifferenceSchema,
  async (actor, input) => {
    const teamId = resolveTeam(actor, input.teamId);
    const sides = await storeSides(teamId, readContent(input.content));
    const content = hashText(JSON.stringify([teamId, input.name, input.source, sides]));
    const id = derivedId("ses", actor.userId, input.key, content);
    const session = newSession(actor, { ...input, teamId, id }, sides);
    const { codebaseId, createdAt } = session;
    const versions = await firstVersions(actor, {
      ...{ id: codebaseId, teamId, owner: { kind: "difference", id }, createdAt },
      steps: stepsOf(sides, input.source),
    });
    const head = { version: 2, base: 1, files: sides.files, authorName: actor.name, createdAt };
    try {
      await writeAll([...createSessionWrites(session), ...versions, await headWrite(teamId, id, head)]);
    } catch (error) {
      if (!failedTransactionItems(error)) throw error;
      // An earlier attempt of the same request succeeded; its response may have been lost.
      return getSession(actor, { id });
    }
    invalidateRecentSessions(teamId);
    count("SessionsCreated");
    return session;
  },
);

/**
 * Creates a difference from a patch: pasted, or in files whose names end in .patch or .diff, in the order of their names.
 * Other files (a .zip is unpacked) are those that the patch was made of.
 */
export const createFromPatch = operation(
  "differences.createFromPatch",
  "sessions.create",
  createFromPatchSchema,
  async (actor, { key, name, ...input }) => {
    const teamId = resolveTeam(actor, input.teamId);
    const uploaded = await Promise.all(
      input.uploads.map(async (each) => ({
        path: each.path,
        bytes: await readUpload({ teamId, userId: actor.userId }, each.key),
      })),
    );
    const all = [...input.files, ...uploaded];
    const patches = all.filter(({ path }) => isPatchName(path)).sort((one, two) => (one.path < two.path ? -1 : 1));
    const others = all.filter(({ path }) => !isPatchName(path));
    const { files: base } = await importFiles(others, { maxFiles: LIMITS.zip.maxEntries });
    const texts = [...patches.map(({ bytes }) => new TextDecoder().decode(bytes)), input.pasted];
    const patch = texts.filter((text) => text.trim() !== "").map((text) => (text.endsWith("\n") ? text : `${text}\n`));
    const [first] = patches;
    const source = { kind: "patch" as const, ...(first && { name: first.path.split("/").at(-1)?.slice(0, 200) }) };
    const content = { kind: "patch" as const, patch: patch.join(""), base };
    const session = await createDifference(actor, { key, teamId, name, source, content });
    await Promise.all(input.uploads.map((each) => deleteObject(each.key)));
    return session;
  },
);

function newSession(
  actor: Actor,
  { id, teamId, name, source }: { id: string; teamId: string; name?: string; source: DifferenceSource },
  { head, files }: StoredSides,
): Session {
  const createdAt = nowIso();
  return {
    ...{ id, teamId, codebaseId: derivedId("cod", id), name: name ?? defaultName(source, files) },
    creatorId: actor.userId,
    ...fileFactsOf(head),
    fileCount: files.length,
    ...{ createdAt, updatedAt: createdAt },
    difference: { base: 1, head: 2, source },
  };
}

function defaultName(source: DifferenceSource, files: readonly DifferenceFile[]): string {
  const named =
    source.kind === "git" ? (source.branch ?? source.range) : source.kind === "patch" ? source.name : undefined;
  const [first] = files;
  const others = files.length > 1 ? ` and ${files.length - 1} more` : "";
  return (named ?? `${first?.path.split("/").at(-1) ?? "Difference"}${others}`).slice(0, LIMITS.session.maxNameChars);
}

function stepsOf({ base, head }: Pick<StoredSides, "base" | "head">, source: DifferenceSource): VersionStep[] {
  const [from, to] = labelsOf(source);
  return [
    { kind: "base", tree: base, message: `Base: ${from}` },
    { kind: "head", tree: head, message: `Head: ${to}` },
  ];
}

function labelsOf(source: DifferenceSource): [from: string, to: string] {
  switch (source.kind) {
    case "git":
      return [source.baseLabel ?? source.range, source.headLabel ?? source.branch ?? source.range];
    case "folders":
      return [source.from, source.to];
    case "versions":
      return [`v${source.from}`, `v${source.to}`];
    case "patch":
      return ["before the patch", source.name ?? "the patch"];
  }
}

/**
 * Gives a difference a new head, on its base or on a new one, as the next versions of the same session: threads and
 * decisions carry over. The head that was given last again changes nothing. One that was made `after` a version changes
 * nothing where that version has the same files, and throws VERSION_CONFLICT where there is a later one. Throws
 * SESSION_NOT_FOUND, and CHANGE_REFUSED for a session that reviews no difference.
 */
export const addHead = operation("differences.addHead", "code.edit", addHeadSchema, async (actor, input) => {
  const session = await getSession(actor, { id: input.sessionId });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const before = await differenceOf(session, codebase);
  if (!before) throw new AppError("CHANGE_REFUSED", "This session reviews no difference, so it has no head to add.");
  const { teamId } = session;
  const sides = await storeSides(teamId, readContent(input.content));
  const source = input.source ?? before.source;
  const isSameBase = isSameTree(before.baseTree, sides.base);
  const isGiven = JSON.stringify(before.given.files) === JSON.stringify(sides.files);
  const isThere = input.after === undefined || isSameTree(codebase.tree, sides.head);
  if (isSameBase && isGiven && isThere) {
    return { session, version: input.after === undefined ? before.head : codebase.number, isNew: false };
  }
  const label = input.label || (await openTurnLabel(session.id));
  const steps = stepsOf(sides, source).filter(({ kind }) => kind === "head" || !isSameBase);
  const version = await appendVersions({
    codebaseId: codebase.id,
    author: { id: actor.userId, name: actor.name },
    steps,
    writes: async (first) => {
      if (input.after !== undefined && first - 1 !== input.after) throw laterVersion(first - 1);
      const base = isSameBase ? before.base : first;
      const head = isSameBase ? first : first + 1;
      const about = { ...(label && { label }), authorName: actor.name, createdAt: nowIso() };
      const given = { version: head, base, files: sides.files, ...about };
      return [await headWrite(teamId, session.id, given), differenceWrite(session.id, { base, head, source })];
    },
  });
  invalidateRecentSessions(teamId);
  const difference = { base: isSameBase ? before.base : version - 1, head: version, source };
  return { session: { ...session, difference }, version, isNew: true };
});

const laterVersion = (number: number) =>
  new AppError("VERSION_CONFLICT", `Version ${number} was made meanwhile. Nothing was changed.`);

const isSameTree = (one: StoredSides["base"], two: StoredSides["base"]): boolean =>
  one.length === two.length && one.every(({ path, hash }, at) => path === two[at]?.path && hash === two[at]?.hash);

const inSession = v.object({ sessionId });

/** Returns the heads of a difference, newest first, with their labels: the moments since which changes can be shown. */
export const listHeads = operation("differences.listHeads", "sessions.read", inSession, async (actor, input) => {
  const session = await getSession(actor, { id: input.sessionId });
  return { heads: session.difference ? await queryHeads(session.id) : [] };
});

/** Returns the difference of a session with its changed files, and the verdicts on it; null for a session without one. */
export const getDifference = operation("differences.get", "sessions.read", inSession, async (actor, input) => {
  const session = await getSession(actor, { id: input.sessionId });
  if (!session.difference) return null;
  const [given, verdicts] = await Promise.all([
    readDifferenceHead(session.teamId, session.id, session.difference.head),
    queryVerdicts(session.id),
  ]);
  return { ...session.difference, files: given?.files ?? [], verdicts };
});

/** Gives a verdict on a version of a difference. Idempotent by id. */
export const giveVerdict = operation(
  "differences.giveVerdict",
  "decisions.make",
  verdictSchema,
  async (actor, { sessionId: id, ...given }) => {
    const session = await getSession(actor, { id });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    if (!session.difference) throw new AppError("CHANGE_REFUSED", "Only a difference is given a verdict.");
    if (given.version > codebase.number)
      throw new AppError("VERSION_NOT_FOUND", `There is no version ${given.version}.`);
    const verdict: Verdict = { ...given, authorName: actor.name, createdAt: nowIso() };
    await writeVerdict(session.id, actor.userId, verdict);
    return verdict;
  },
);
