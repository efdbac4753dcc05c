/** Describes a data folder's content by the product's operations, in words that no build's names are in. */
import { createHash } from "node:crypto";
import type { Actor } from "@redline/core/auth/schema";
import { getChange } from "@redline/core/changes/index";
import type { Origin, Safety } from "@redline/core/changes/schema";
import { type Draft, getCodebase, getDraft, listVersions, readFile, readVersion } from "@redline/core/codebases/index";
import type { Version } from "@redline/core/codebases/schema";
import { latestModelReview, listFindings, openSession } from "@redline/core/review/index";
import type { PlacedFinding } from "@redline/core/review/schema";
import { getSession, listSessions } from "@redline/core/sessions/index";
import { getSettings } from "@redline/core/settings/index";
import { getThread, listThreads } from "@redline/core/threads/index";
import type { Message, Thread } from "@redline/core/threads/schema";
import { getQuota, listCalls, listDays } from "@redline/core/usage/index";

/** Longer texts are told by their length and a digest. */
const MAX_TEXT_CHARS = 200;

export type SessionDescription = Awaited<ReturnType<typeof describeSession>>;
export type DataDescription = Awaited<ReturnType<typeof describeData>>;

/** Everything that is stored for an actor; calls of models are those of the days `from` to `to` (`YYYY-MM-DD`). */
export async function describeData(actor: Actor, { from, to }: { from: string; to: string }) {
  const teamId = actor.personalTeamId;
  const sessions: SessionDescription[] = [];
  for (const trashed of [false, true]) {
    const all = await readPages(async (cursor) => {
      const page = await listSessions(actor, { trashed, cursor });
      return { items: page.sessions, nextCursor: page.nextCursor };
    });
    for (const { id } of all) sessions.push(await describeSession(actor, id));
  }
  const calls = await readPages(async (cursor) => {
    const page = await listCalls(actor, { teamId, from, to, cursor });
    return { items: page.calls, nextCursor: page.nextCursor };
  });
  const { committedTokens, usedTokens, reservedTokens, unknownTokens, limit } = await getQuota(actor, { teamId });
  return plain({
    settings: await getSettings(actor, {}),
    sessions,
    calls,
    days: await listDays(actor, { teamId, from, to }),
    quota: { committedTokens, usedTokens, reservedTokens, unknownTokens, limit },
  });
}

/** Everything that is stored of a session. */
export async function describeSession(actor: Actor, id: string) {
  const session = await getSession(actor, { id });
  const { name, languages, fileCount, bytes, createdAt, updatedAt, trashedAt, codebaseId } = session;
  const { review, draft } = await openSession(actor, { sessionId: id });
  const { number: head } = await getCodebase(actor, { id: codebaseId });
  const versions = await readPages(async (cursor) => {
    const page = await listVersions(actor, { codebaseId, cursor });
    return { items: page.versions, nextCursor: page.nextCursor };
  });
  const findings = await listFindings(actor, { sessionId: id });
  const threads = await readPages(async (cursor) => {
    const page = await listThreads(actor, { sessionId: id, cursor });
    return { items: page.threads, nextCursor: page.nextCursor };
  });
  const conversations = await Promise.all(threads.map((thread) => describeThread(actor, thread)));
  return plain({
    ...{ id, name, languages, fileCount, bytes, createdAt, updatedAt, trashedAt, head },
    listedReview: session.review && { version: session.review.version, status: session.review.status },
    versions: await Promise.all(versions.map((version) => describeVersion(actor, version))),
    draft: draft && describeDraft(await getDraft(actor, { codebaseId, draftId: draft.draftId })),
    review: review && {
      ...{ version: review.version, status: review.status, counts: review.counts, failure: review.failure },
      ...{ fresh: review.new, stillOpen: review.open, answered: review.decided, gone: review.resolved },
      files: review.coverage.map(({ path, state, language, findings: count }) => ({ path, state, language, count })),
    },
    findings: findings.map(describeFinding).sort(byId),
    changes: await describeChanges(actor, codebaseId, [
      ...versions.map(({ changeId }) => changeId),
      ...findings.map(({ fix }) => fix?.changeId),
      ...conversations.flatMap(({ messages }) => messages).flatMap(({ reply }) => reply?.changeIds ?? []),
    ]),
    threads: conversations.sort(byId),
    modelReview: await describeModelReview(actor, id),
  });
}

async function describeVersion(actor: Actor, version: Version) {
  const { codebaseId, number, kind, message, authorId, changeId, createdAt } = version;
  const { tree } = await readVersion(actor, { codebaseId, version: number });
  const files = tree.map(async ({ path, language }) => {
    const { text } = await readFile(actor, { codebaseId, path, version: number });
    return { path, language, text: describeText(text) };
  });
  return { ...{ number, kind, message, authorId, changeId, createdAt }, files: await Promise.all(files) };
}

const describeDraft = (draft: Draft | null) => {
  if (!draft) return null;
  const { draftId: window, ...rest } = draft;
  return { window, ...rest };
};

function describeFinding(finding: PlacedFinding) {
  const { identity: id, path, rule, severity, title, startLine, endLine, firstVersion, source, model } = finding;
  return {
    ...{ id, path, rule, severity, title, startLine, endLine, firstVersion, source, model, place: finding.anchorState },
    explanation: describeText(finding.explanation),
    decision: finding.decision,
    fix: finding.fix && {
      changeId: finding.fix.changeId,
      safety: formerSafety(finding.fix.safety),
      summary: finding.fix.summary,
    },
  };
}

async function describeChanges(actor: Actor, codebaseId: string, ids: (string | undefined)[]) {
  const known = [...new Set(ids)].filter((id) => id !== undefined).sort();
  return Promise.all(
    known.map(async (changeId) => {
      const change = await getChange(actor, { codebaseId, changeId });
      const { id, base, status, summary, safety, appliedAs, merged, origin, edits } = change;
      return {
        ...{ id, base, status, summary, safety: formerSafety(safety), appliedAs, merged, origin: formerOrigin(origin) },
        edits: describeText(JSON.stringify(edits)),
      };
    }),
  );
}

const formerSafety = (safety: Safety) => (safety === "unsafe" ? "look-first" : safety);
const formerOrigin = (origin: Origin) => (origin.kind === "safe-fixes" ? { ...origin, kind: "all-safe" } : origin);

async function describeThread(actor: Actor, { id: threadId, sessionId }: Thread) {
  const { thread } = await getThread(actor, { sessionId, threadId });
  // The newest page comes first, and each page has its oldest message first.
  const pages: Message[][] = [];
  await readPages(async (cursor) => {
    const page = await getThread(actor, { sessionId, threadId, cursor });
    pages.unshift(page.messages);
    return { items: [], nextCursor: page.earlierCursor };
  });
  const { path, anchor, version, isFileGone, finding, status, title, count, createdAt, updatedAt } = thread;
  return {
    ...{ id: threadId, path, version, isFileGone, status, title, count, createdAt, updatedAt },
    lines: anchor && { first: anchor.startLine, last: anchor.endLine, state: anchor.state },
    finding: finding && { id: finding.identity, rule: finding.rule, title: finding.title },
    messages: pages.flat().map(describeMessage),
  };
}

function describeMessage(message: Message) {
  const { number, id, author, text, messageKind, version, createdAt, editedAt, replyNumber, reply } = message;
  return {
    ...{ number, id, by: author.id, kind: messageKind, version, createdAt, editedAt, repliedBy: replyNumber },
    text: text === null ? null : describeText(text),
    reply: reply && {
      ...{ status: reply.status, to: reply.question, attempt: reply.attempt, model: reply.model },
      ...{ error: reply.error, usage: reply.usage, costMicroUsd: reply.costMicroUsd, context: reply.context },
      changeIds: reply.proposals.flatMap((each) => (each.kind === "change" ? each.changeId : [])),
      code: reply.proposals.flatMap((each) => (each.kind === "text" ? { code: each.code, reason: each.reason } : [])),
    },
  };
}

async function describeModelReview(actor: Actor, sessionId: string) {
  const review = await latestModelReview(actor, { sessionId });
  if (!review) return review;
  const { id, version, scope, model, status, steps, budgetTokens, requestedAt, failure } = review;
  return {
    ...{ id, version, scope, model, status, budgetTokens, requestedAt, failure },
    files: steps.map(({ path, state, reason, usage, costMicroUsd, ...step }) => ({
      ...{ path, state, reason, fresh: step.new, stillOpen: step.open, gone: step.resolved, usage, costMicroUsd },
    })),
  };
}

async function readPages<T>(read: (cursor?: string) => Promise<{ items: T[]; nextCursor?: string }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}

function describeText(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  return `${text.length} characters, SHA-256 ${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** Returns the value as JSON holds it: without what is undefined. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
