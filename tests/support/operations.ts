/** Every operation of the domains' faces, with valid inputs about a session that is made for them. */
import { randomUUID } from "node:crypto";
import * as accounts from "@redline/core/accounts/index";
import * as agents from "@redline/core/agents/index";
import * as ai from "@redline/core/ai/index";
import type { Actor } from "@redline/core/auth/schema";
import * as changes from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import * as codebases from "@redline/core/codebases/index";
import * as differences from "@redline/core/differences/index";
import { newDecisionId, newVerdictId } from "@redline/core/differences/schema";
import { AppError } from "@redline/core/errors";
import * as exports_ from "@redline/core/exports/index";
import * as ops from "@redline/core/ops/index";
import { hashText } from "@redline/core/platform/blobs";
import type { Operation } from "@redline/core/platform/operation";
import * as replies from "@redline/core/replies/index";
import * as review from "@redline/core/review/index";
import { reviewLogId } from "@redline/core/review/internal";
import { modelReviewLogId, newModelReviewId } from "@redline/core/review/schema";
import * as sessions from "@redline/core/sessions/index";
import * as settings from "@redline/core/settings/index";
import * as teams from "@redline/core/teams/index";
import * as threads from "@redline/core/threads/index";
import { newMessageId, newThreadId, replyLogId } from "@redline/core/threads/schema";
import * as usage from "@redline/core/usage/index";
import { pasteSession, reviewVersion } from "./product";
import { SEEDED_PASSWORD, seedTeam } from "./team-seed";

export const faces = [
  accounts,
  agents,
  ai,
  changes,
  codebases,
  differences,
  exports_,
  ops,
  replies,
  review,
  sessions,
  settings,
  teams,
  threads,
  usage,
];

export type AnyOperation = Operation<never, unknown>;
export const operations = faces.flatMap((face) =>
  Object.values(face).filter((each): each is AnyOperation => typeof each === "function" && "operation" in each),
);

const call = (operation: AnyOperation, actor: Actor, input: unknown): Promise<unknown> =>
  (operation as unknown as (actor: Actor, input: unknown) => Promise<unknown>)(actor, input);

/** How often operations were asked in this file's tests. */
export const asked = { cases: 0 };

/** Returns the status that an operation ends with for an actor. Rethrows unexpected errors, which fail the test. */
export async function statusOf(operation: AnyOperation, actor: Actor, input: unknown): Promise<number> {
  asked.cases += 1;
  try {
    await call(operation, actor, input);
    return 200;
  } catch (error) {
    if (error instanceof AppError) return error.status;
    throw error;
  }
}

export type Inputs = Record<string, unknown>;

/** Valid inputs of every operation, about a session of the owner's that is made for them. */
export async function inputsOfNewSession(actor: Actor): Promise<Inputs> {
  const session = await pasteSession(actor, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await reviewVersion(session, 1);
  const { id, codebaseId, teamId } = session;
  const [finding] = await review.listFindings(actor, { sessionId: id });
  const fixId = finding?.fix?.changeId ?? "";
  const identity = finding?.identity ?? "";
  const changeId = newChangeId();
  const modelReviewId = newModelReviewId();
  const draftId = "draft-a";
  const files = [{ path: "a.ts", text: "stolen\n" }];
  const threadId = newThreadId();
  const note = () => ({ id: newMessageId(), text: "Why?", wantsReply: false });
  await threads.openThread(actor, { sessionId: id, threadId, path: "a.ts", startLine: 2, message: note() });
  const about = { id: newMessageId(), text: "", messageKind: "explain", wantsReply: true } as const;
  const asked = { sessionId: id, threadId: newThreadId(), path: "a.ts", finding: identity, message: about };
  const { message } = await threads.openThread(actor, asked);
  const reply = { sessionId: id, threadId: asked.threadId, number: message.replyNumber ?? 0 };
  const replyLog = replyLogId(id, reply.threadId, reply.number, 1);
  const content = { kind: "files" as const, files: [{ path: "a.ts", before: "let a = 1;\n", after: "let a = 2;\n" }] };
  const source = { kind: "folders" as const, from: "old", to: "new" };
  const ofDifference = await differences.createDifference(actor, { key: randomUUID(), source, content });
  const differenceId = ofDifference.id;
  const ofFile = { sessionId: differenceId, path: "a.ts", version: 2 };
  const accepted = await differences.acceptLines(actor, { ...ofFile, id: newDecisionId() });
  const next = { kind: "files" as const, files: [{ path: "a.ts", before: "let a = 1;\n", after: "stolen\n" }] };
  const theirs = { agent: "Agent", messageId: newMessageId() };
  const wanted = [{ path: "a.ts", before: "export function f() {\n  debugger;\n}\n", after: "stolen\n" }];
  const proposal = { sessionId: id, threadId: newThreadId(), summary: "Steal", files: wanted, ...theirs };
  const { changeId: proposedId } = await agents.proposeAsAgent(actor, proposal);
  const { memberId: userId, invitationId, token } = await seedTeam(actor, teamId);
  const origin = "http://localhost:4600";
  return {
    "accounts.get": {},
    "accounts.changePassword": { current: SEEDED_PASSWORD, password: "nine brass kettles whistle" },
    "accounts.signOutEverywhere": {},
    "accounts.devices": {},
    "accounts.revokeDevice": { id: "0".repeat(64) },
    "teams.list": {},
    "teams.get": { teamId },
    "teams.create": { key: randomUUID(), name: "Another" },
    "teams.rename": { teamId, name: "Stolen" },
    "teams.invite": { teamId, email: "new@example.com", role: "qa", origin },
    "teams.invitations": { teamId },
    "teams.revokeInvitation": { teamId, id: invitationId },
    "teams.accept": { token },
    "teams.setRole": { teamId, userId, role: "developer" },
    "teams.remove": { teamId, userId },
    "teams.leave": { teamId },
    "agents.openTree": { key: hashText(id), teamId, name: "tree", files },
    "agents.propose": { ...proposal, threadId: newThreadId() },
    "agents.getDecision": { sessionId: id, changeId: proposedId },
    "agents.reply": { sessionId: id, threadId, ...theirs, text: "Done." },
    "ai.testModel": {},
    "differences.create": { key: randomUUID(), teamId, source, content },
    "differences.createFromPatch": { key: randomUUID(), teamId, pasted: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" },
    "differences.addHead": { sessionId: differenceId, content: next },
    "differences.filesAfter": { sessionId: differenceId, version: 2 },
    "differences.versionAfter": { sessionId: differenceId, version: 2 },
    "differences.changesSince": { sessionId: differenceId, version: 2 },
    "differences.get": { sessionId: differenceId },
    "differences.giveVerdict": {
      sessionId: differenceId,
      id: newVerdictId(),
      kind: "approve",
      version: 2,
      summary: "",
    },
    "differences.acceptLines": { ...ofFile, id: newDecisionId() },
    "differences.rejectLines": { ...ofFile, id: newDecisionId() },
    "differences.undoDecision": { sessionId: differenceId, id: newDecisionId(), number: accepted.number },
    "differences.startTurn": { sessionId: differenceId },
    "differences.endTurn": { sessionId: differenceId },
    "differences.listHeads": { sessionId: differenceId },
    "differences.listDecisions": { sessionId: differenceId },
    "differences.exportPatch": { sessionId: differenceId },
    "differences.exportReview": { sessionId: differenceId },
    "differences.prompt": { sessionId: differenceId },
    "sessions.create": { key: randomUUID(), teamId, pasted: [{ text: "export {};\n" }] },
    "sessions.presignUpload": { teamId, path: "a.ts", bytes: 10 },
    "sessions.list": { teamId },
    "settings.get": {},
    "settings.saveInstructions": { instructions: "" },
    "settings.saveBudget": { dailyTokens: null },
    "changes.get": { codebaseId, changeId: fixId },
    "changes.save": { codebaseId, base: 1, changeId, files },
    "changes.apply": { codebaseId, changeId: fixId },
    "changes.reject": { codebaseId, changeId: fixId },
    "changes.undo": { codebaseId, changeId, version: 1 },
    "changes.restore": { codebaseId, changeId, version: 1 },
    "changes.mergeView": { codebaseId, change: fixId },
    "codebases.get": { id: codebaseId },
    "codebases.readVersion": { codebaseId, version: 1 },
    "codebases.readFile": { codebaseId, path: "a.ts" },
    "codebases.listVersions": { codebaseId },
    "codebases.compareVersions": { codebaseId, from: 1, to: 1 },
    "codebases.saveDraft": { codebaseId, draftId, base: 1, files },
    "codebases.getDraft": { codebaseId, draftId },
    "codebases.discardDraft": { codebaseId, draftId },
    "exports.session": { id },
    "exports.sarif": { id },
    "exports.zip": { id },
    "ops.overview": {},
    "ops.redrive": { queue: "review" },
    "ops.discard": { queue: "review", before: 0 },
    "replies.follow": { logId: replyLog, after: 0, signal: AbortSignal.timeout(1_000) },
    "replies.stop": reply,
    "replies.continue": reply,
    "replies.retry": reply,
    "review.openSession": { sessionId: id },
    "review.latest": { sessionId: id },
    "review.findings": { sessionId: id },
    "review.follow": { logId: reviewLogId(id, 1), after: 0, signal: AbortSignal.timeout(1_000) },
    "review.setDecision": { sessionId: id, identity, decision: "dismissed" },
    "review.rejectFix": { sessionId: id, identity, changeId: fixId },
    "review.applySafeFixes": { sessionId: id, changeId },
    "review.request": { sessionId: id },
    "modelReviews.estimate": { sessionId: id, scope: { kind: "session" } },
    "modelReviews.request": { sessionId: id, id: modelReviewId, scope: { kind: "session" } },
    "modelReviews.cancel": { sessionId: id, id: modelReviewId },
    "modelReviews.latest": { sessionId: id },
    "modelReviews.follow": {
      ...{ logId: modelReviewLogId(id, modelReviewId), after: 0 },
      signal: AbortSignal.timeout(1_000),
    },
    "review.checkText": { sessionId: id, path: "a.ts", text: "x", language: "typescript" },
    "review.highlight": { teamId, hash: "0".repeat(64), text: "x", language: "typescript" },
    "sessions.get": { id },
    "sessions.rename": { id, name: "Stolen" },
    "sessions.trash": { id },
    "sessions.restore": { id },
    "usage.days": { teamId, from: "2026-01-01", to: "2026-01-02" },
    "usage.calls": { teamId },
    "usage.quota": { teamId },
    "usage.csv": { teamId, from: "2026-01-01", to: "2026-01-02" },
    "sessions.setLanguage": { id, path: "a.ts", language: "python" },
    "threads.open": { sessionId: id, threadId: newThreadId(), path: "a.ts", message: note() },
    "threads.post": { sessionId: id, threadId, ...note() },
    "threads.get": { sessionId: id, threadId },
    "threads.list": { sessionId: id },
    "threads.edit": { sessionId: id, threadId, number: 1, text: "Stolen" },
    "threads.delete": { sessionId: id, threadId, number: 1 },
    "threads.resolve": { sessionId: id, threadId },
    "threads.reopen": { sessionId: id, threadId },
  };
}

/** Everything that the session of these inputs holds, and its team. */
export async function contentOf(actor: Actor, inputs: Inputs): Promise<string> {
  const document = await exports_.exportSession(actor, inputs["sessions.get"] as { id: string });
  const ofTeam = inputs["teams.get"] as { teamId: string };
  const team = await teams.getTeam(actor, ofTeam);
  const invitations = await teams.listInvitations(actor, ofTeam);
  return JSON.stringify({ ...document, exportedAt: null, team, invitations });
}
