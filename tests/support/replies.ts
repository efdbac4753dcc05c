/** Stores a reply as its writing process does, one write at a time: for tests of one that dies, sleeps or comes late. */
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "@redline/core/platform/clients";
import { EventLogWriter } from "@redline/core/platform/event-log";
import { endFields, type ReplyEndStatus } from "@redline/core/replies/ending";
import { replyWork } from "@redline/core/replies/internal";
import { replyItems, type StoredReply, toReply, toWorkKey } from "@redline/core/threads/internal";
import { type Reply, type ReplyEvent, type ReplyKey, replyLogId } from "@redline/core/threads/schema";
import type { Held } from "@redline/core/work/schema";
import { TABLE } from "@redline/local/launcher/resource-env";

export type HeldReply = Held<StoredReply>;

/** Takes a pending reply; undefined when another did, or it has ended. */
export const claimReply = (at: ReplyKey): Promise<HeldReply | undefined> =>
  replyItems.claim(toWorkKey(at), { from: ["queued"] });

/** Stores how it ended; false when it was taken from us. */
export async function endReply(
  held: HeldReply,
  text: string,
  status: ReplyEndStatus = "done",
  { proposals = [], ...details }: Partial<Reply> = {},
): Promise<boolean> {
  const end = await endFields(held.teamId, status, { text, proposals }, details);
  return (await replyItems.end(held, end.status, end.fields)) !== undefined;
}

/** Renews the lease; false when it was taken from us. */
export const renewReply = (held: HeldReply): Promise<boolean> => replyItems.save(held);

export const logIdOf = ({ sessionId, threadId, number, attempt }: HeldReply): string =>
  replyLogId(sessionId, threadId, number, attempt);

export const writerOf = (held: HeldReply): EventLogWriter<ReplyEvent> => new EventLogWriter(logIdOf(held));

/** The reply as people see it. */
export async function readReply(at: ReplyKey) {
  const stored = await replyItems.read(toWorkKey(at));
  if (!stored) throw new Error(`There is no reply ${at.number}.`);
  return toReply(stored);
}

/** Its job, delivered once more. */
export async function performReply(at: ReplyKey): Promise<void> {
  const stored = await replyItems.read(toWorkKey(at));
  const { sessionId, threadId, number } = at;
  await replyWork.perform({ sessionId, threadId, number, userId: stored?.userId ?? "" });
}

/** Expires a lease without a heartbeat. */
export async function letLeaseRunOut({ threadId, number }: ReplyKey): Promise<void> {
  await dynamo().send(
    new UpdateCommand({
      TableName: TABLE,
      Key: { pk: `THREAD#${threadId}`, sk: `MESSAGE#${String(number).padStart(8, "0")}#REPLY` },
      UpdateExpression: "SET leaseUntil = :past, gsi2sk = :past_key",
      ExpressionAttributeValues: { ":past": 1, ":past_key": "1" },
    }),
  );
}
