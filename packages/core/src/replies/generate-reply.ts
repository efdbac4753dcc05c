import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { errorFields, log } from "../platform/log";
import { count } from "../platform/metrics";
import { hasModelFor, modelRequired } from "../threads/internal";
import { type Outcome, runAgentLoop } from "./agent-loop";
import { addUsageAndCost, mergeProposals } from "./attempts";
import { builtinReply } from "./builtin";
import { endFields } from "./ending";
import { loadQuestion, prepareQuestion } from "./question";
import { type ReplyWork, ReplyWriter } from "./reply-writer";
import type { ReplyTask } from "./task";

/** Writes a reply for the one who asked, and ends it with whatever it came to. Throws LeaseLost when it was taken from us. */
export async function generateReply(actor: Actor, work: ReplyWork, task: ReplyTask): Promise<void> {
  const writer = new ReplyWriter(work, task);
  const { status, error } = await writeReply(actor, writer).catch((failure) => outcomeOfFailure(writer, failure));
  work.requireLease();
  // The stored end must not come before text that is still on its way to the log.
  await writer.log.flush().catch((cause) => log.warn("event log flush failed", errorFields(cause)));
  const { text, model, context, cost } = writer;
  const failure = error && { code: error.code, message: error.message };
  const details = { model, context, error: failure, ...cost, ...addUsageAndCost(task.before, cost) };
  const body = { text, proposals: mergeProposals(task.before.proposals, writer.proposals) };
  const end = await endFields(task.session.teamId, status, body, details);
  await work.endItem(end.status, end.fields);
  count(status === "failed" ? "RepliesFailed" : "RepliesCompleted");
  await writer.log.end({ type: "end", status, ...(failure && { error: failure }) });
}

async function writeReply(actor: Actor, writer: ReplyWriter): Promise<Outcome> {
  const { task } = writer;
  // A session in the trash costs nothing more.
  if (task.session.trashedAt) return { status: "stopped" };
  const question = await loadQuestion(task);
  const { messageKind = "ask" } = question.message;
  if (hasModelFor(messageKind)) {
    return runAgentLoop(actor, writer, await prepareQuestion(actor, task, question));
  }
  const builtin = await builtinReply(actor, task.thread, messageKind);
  if (!builtin) throw modelRequired();
  writer.setModel("builtin");
  writer.appendText(builtin.text);
  for (const proposal of builtin.proposals) writer.propose(proposal);
  return { status: "done" };
}

/** A fault ends the reply as what it is, with the text so far. */
function outcomeOfFailure(writer: ReplyWriter, failure: unknown): Outcome {
  if (writer.signal.aborted) return { status: writer.abortedStatus };
  if (failure instanceof AppError) return { status: "failed", error: failure };
  log.error("reply failed", { logId: writer.log.logId, ...errorFields(failure) });
  const kept = writer.text === "" ? "Your message is saved." : "The text so far is kept.";
  const message = `The reply failed because of an internal error. ${kept} Try again.`;
  return { status: "failed", error: new AppError("INTERNAL_ERROR", message, { cause: failure }) };
}
