import { modelNames } from "../ai/internal";
import { restoreActor } from "../auth/index";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { forRequest } from "../platform/correlation";
import { errorFields, log } from "../platform/log";
import { count } from "../platform/metrics";
import { type ClaimedAnswer, claimAnswer, endAnswer } from "../threads/internal";
import type { AnswerKey } from "../threads/schema";
import { builtinAnswer } from "./builtin";
import { converse, type Outcome } from "./converse";
import { MODEL_REQUIRED_WORDS } from "./model-required";
import { prepareQuestion, questionOf, taskOf } from "./question";
import { Writing, watch } from "./writing";

/** What this process is writing, by log. */
const underWay = new Map<string, { writing: Writing; written: Promise<void> }>();

/** Writes a claimed answer in this process, apart from whoever asked; resolves when it has ended, and never rejects. */
export function writeAnswer(actor: Actor, claim: ClaimedAnswer): Promise<void> {
  const writing = new Writing(claim);
  const { logId } = writing.log;
  const written = forRequest(claim.requestId, () => write(actor, writing))
    .catch((error) => log.error("answer not stored", { logId, ...errorFields(error) }))
    .finally(() => underWay.delete(logId));
  underWay.set(logId, { writing, written });
  return written;
}

/** Has a pending answer written in this process, unless another was first; resolves when it is begun. */
export async function beginAnswer(actor: Actor, at: AnswerKey): Promise<Promise<void>[]> {
  const claim = await claimAnswer(actor, at);
  return claim ? [writeAnswer(actor, claim)] : [];
}

/** Whether this process is writing to a log: then its followers hear of the end themselves. */
export const isWrittenHere = (logId: string): boolean => underWay.has(logId);

/** Resolves once everything that this process is writing has ended. */
export async function settled(): Promise<void> {
  while (underWay.size > 0) await Promise.all([...underWay.values()].map((each) => each.written));
}

/** Ends everything that this process is writing as *interrupted*, with the words so far: the process is ending. */
export async function interruptAll(): Promise<void> {
  for (const { writing } of underWay.values()) writing.stop("interrupted");
  await settled();
}

async function write(actor: Actor, writing: Writing): Promise<void> {
  const endWatch = watch(writing);
  try {
    const { status, error } = await answer(actor, writing).catch((failure) => asOutcome(writing, failure));
    if (writing.quitBecause === "lost") return;
    const { text, proposals, model, context, cost } = writing;
    const told = error && { code: error.code, message: error.message };
    // What is stored last must not come before the words that are still on their way to the log.
    await writing.log.flush().catch((failure) => log.warn("log behind", errorFields(failure)));
    const end = { status, text, proposals, model, context, error: told, ...cost };
    if (!(await endAnswer(writing.claim, end))) return;
    count(status === "failed" ? "RepliesFailed" : "RepliesCompleted");
    await writing.log.end({ type: "end", status, ...(told && { error: told }) });
  } finally {
    endWatch();
  }
}

async function answer(actor: Actor, writing: Writing): Promise<Outcome> {
  const { claim } = writing;
  const question = await questionOf(claim);
  const { author, intent = "ask" } = question.asked;
  // Whoever follows it first has it written for the one who asked: their instructions, their tokens.
  const asker = author.id === actor.userId ? actor : await restoreActor({ userId: author.id });
  if (modelNames(taskOf(intent)).length > 0) {
    return converse(asker, writing, await prepareQuestion(asker, claim, question));
  }
  const builtin = await builtinAnswer(asker, claim.thread, intent);
  if (!builtin) throw new AppError("MODEL_REQUIRED", MODEL_REQUIRED_WORDS);
  writing.answeredBy("builtin");
  writing.say(builtin.text);
  for (const proposal of builtin.proposals) writing.propose(proposal);
  return { status: "done" };
}

/** A fault ends the answer as what it is, with the words so far. */
function asOutcome(writing: Writing, failure: unknown): Outcome {
  if (writing.signal.aborted) return { status: writing.quitStatus };
  if (failure instanceof AppError) return { status: "failed", error: failure };
  log.error("answer failed", { logId: writing.log.logId, ...errorFields(failure) });
  const kept = writing.text === "" ? "Your message is saved." : "The text so far is kept.";
  const message = `The reply failed because of an internal error. ${kept} Try again.`;
  return { status: "failed", error: new AppError("INTERNAL_ERROR", message, { cause: failure }) };
}
