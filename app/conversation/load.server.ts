import { fullFileChars } from "@redline/core/ai/internal";
import type { Actor } from "@redline/core/auth/schema";
import { changesOnHead } from "@redline/core/changes/internal";
import { getCodebase } from "@redline/core/codebases/index";
import type { Codebase } from "@redline/core/codebases/schema";
import { getSession } from "@redline/core/sessions/index";
import { getThread, listThreads } from "@redline/core/threads/index";
import { hasModelFor, modelRequired } from "@redline/core/threads/internal";
import { type Message, type Proposal, replyLogId, type Thread } from "@redline/core/threads/schema";
import {
  isInProgress,
  type OpenThread,
  type PageMessage,
  type PageProposal,
  type PageThread,
  type ReplyCapability,
  type ThreadPage,
} from "./page";

/** Converts a thread for the margin, the gutter and the file list. */
export function toPageThread(thread: Thread): PageThread {
  const { id, path, status, title, count, isFileGone, updatedAt, anchor, finding } = thread;
  const { identity = "", title: found = "" } = finding ?? {};
  return {
    ...{ id, path, status, title, count, updatedAt },
    ...(isFileGone && { isFileGone }),
    ...(anchor && { lines: { first: anchor.startLine, last: anchor.endLine }, anchorState: anchor.state }),
    ...(finding && { finding: { identity, title: found } }),
    ...(anchor && (isFileGone || anchor.state === "outdated") && { quote: anchor.quote }),
  };
}

/** Loads a page of a session's resolved threads. */
export async function loadResolvedThreads(
  actor: Actor,
  { sessionId, cursor }: { sessionId: string; cursor?: string },
): Promise<ThreadPage> {
  const { threads, nextCursor } = await listThreads(actor, { sessionId, status: "resolved", cursor });
  return { threads: threads.map(toPageThread), ...(nextCursor && { nextCursor }) };
}

export type ThreadRequest = { sessionId: string; threadId: string; cursor?: string };

/** Loads a thread with a page of messages and its proposals relative to the head. */
export async function loadThread(actor: Actor, request: ThreadRequest): Promise<OpenThread> {
  const { codebaseId } = await getSession(actor, { id: request.sessionId });
  return loadOpenThread(actor, await getCodebase(actor, { id: codebaseId }), request);
}

/** Loads an open thread for a codebase that is already loaded. */
export async function loadOpenThread(actor: Actor, codebase: Codebase, request: ThreadRequest): Promise<OpenThread> {
  const { thread, messages, earlierCursor } = await getThread(actor, request);
  const proposals = messages.flatMap(({ reply, proposals = [] }) => reply?.proposals ?? proposals);
  const ids = proposals.flatMap((proposal) => (proposal.kind === "change" ? [proposal.changeId] : []));
  const changes = new Map((await changesOnHead(codebase, ids)).map((each) => [each.id, toPageChange(each)]));
  const toPage = (message: Message) => toPageMessage(actor, request, message, changes);
  return { thread: toPageThread(thread), messages: messages.map(toPage), ...(earlierCursor && { earlierCursor }) };
}

type PageChange = Extract<PageProposal, { kind: "change" }>;

function toPageChange({
  change,
  appliedAs,
  files,
  isConflict,
  evidence,
}: Awaited<ReturnType<typeof changesOnHead>>[number]): PageChange {
  const { id: changeId, summary, status, origin } = change;
  const { parses, added, removed, parseError, notChecked, repeated, lineEnds } = evidence ?? {
    parses: "unknown" as const,
    added: [],
  };
  return {
    kind: "change",
    ...{ changeId, summary, status, appliedAs, files, isConflict },
    ...(origin.kind === "finding" && { identity: origin.identity }),
    ...(evidence && { evidence: { parses, added, removed, parseError, notChecked, repeated, lineEnds } }),
  };
}

function toPageMessage(
  actor: Actor,
  { sessionId, threadId }: ThreadRequest,
  message: Message,
  changes: ReadonlyMap<string, PageChange>,
): PageMessage {
  const { threadId: _thread, version: _version, reply, proposals: proposed, ...rest } = message;
  const isOwn = message.author.kind === "user" && message.author.id === actor.userId;
  const toPage = (proposal: Proposal): PageProposal[] => {
    if (proposal.kind === "text") return [proposal];
    const change = changes.get(proposal.changeId);
    return change ? [{ ...change, summary: proposal.summary }] : [];
  };
  if (!reply) return { ...rest, isOwn, ...(proposed && { proposals: proposed.flatMap(toPage) }) };
  const logId = replyLogId(sessionId, threadId, message.number, reply.attempt);
  const proposals = reply.proposals.flatMap(toPage);
  return { ...rest, isOwn, reply: { ...reply, proposals, ...(isInProgress(reply) && { logId }) } };
}

/** Returns the reply capability: a model, or else the built-in reviewer for its own findings. */
export async function loadReplyCapability(): Promise<ReplyCapability> {
  return hasModelFor("ask")
    ? { hasModel: true, fullFileChars: await fullFileChars("reply") }
    : { hasModel: false, reason: modelRequired().message };
}
