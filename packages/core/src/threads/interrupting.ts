import { nowSeconds } from "../platform/clock";
import { closeLogForDeadWriter, sealLog } from "../platform/event-log";
import { newId } from "../platform/ids";
import { type DeadProcesses, isHeldBy } from "../platform/instance";
import { type EndStatus, endAttempt, shutOut } from "./answer-items";
import { together } from "./attempts";
import { packBody, readMessage, type StoredMessage, unpackBody } from "./messages";
import { type Answer, type AnswerEvent, type AnswerKey, answerLogId } from "./schema";

/** Its writer stopped renewing its lease, or whoever was ending it for that writer died too. */
export const isStale = ({ status, leaseUntil }: StoredMessage): boolean =>
  status === "closing" || (status === "writing" && (leaseUntil ?? 0) < nowSeconds());

/**
 * Ends an answer whose writer stopped renewing its lease, or is one of `dead`, as *interrupted*, with the text that its log
 * holds. First the writer is shut out of the answer and of its log, so nothing can be added to what is read then. Carried
 * out again after a crash, it goes on where it ended. False when there was nothing to interrupt.
 */
export async function interruptStale(at: AnswerKey, dead?: DeadProcesses): Promise<boolean> {
  const stored = await readMessage(at.threadId, at.number);
  if (!stored || stored.sessionId !== at.sessionId) return false;
  const isDead = dead !== undefined && stored.status === "writing" && isHeldBy(stored.holder, dead);
  if (!isDead && !isStale(stored)) return false;
  const held = { threadId: at.threadId, number: at.number, attempt: stored.attempt ?? 1 };
  if (stored.status === "writing" && !(await shutOut(held, isDead ? dead : undefined))) return false;

  const logId = answerLogId(at.sessionId, at.threadId, at.number, held.attempt);
  const events = (await sealLog<AnswerEvent>(logId)).map((entry) => entry.event);
  const body = await unpackBody(stored);
  const details = (stored.details ?? {}) as Partial<Answer>;
  let status: EndStatus = "interrupted";
  let error: Answer["error"];
  const textBefore = body.text.length;
  for (const event of events) {
    if (event.type === "text") body.text += event.text;
    if (event.type === "kept") body.text = body.text.slice(0, textBefore + event.chars);
    if (event.type === "proposal") body.proposals = together(body.proposals, [event.proposal]);
    if (event.type === "model") details.model = event.name;
    if (event.type === "end") ({ status, error } = event);
  }
  const packed = await packBody(stored.teamId ?? "", body);
  await endAttempt(held, "closing", { status, body: packed, details: { ...details, error } }, newId("req"));
  await closeLogForDeadWriter<AnswerEvent>(logId, { type: "end", status, error });
  return true;
}
