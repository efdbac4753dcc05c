import { LIMITS } from "../limits";
import { getJson, putJson } from "../platform/blobs";
import type { Message, Proposal, Reply, ReplyStatus } from "./schema";
import { queryMessages, type StoredMessage, type StoredReply } from "./store";

export type Body = { text: string; proposals: Proposal[] };
export type StoredBody = { text?: string; proposals?: Proposal[]; bodyBlob?: string };

/** Text and proposals up to 32 KB are in the item; longer ones in a blob that the item names. */
export async function packBody(teamId: string, body: Body): Promise<StoredBody> {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  return bytes <= LIMITS.codebase.maxInlineBodyBytes ? body : { bodyBlob: await putJson(teamId, body) };
}

export async function unpackBody(stored: StoredReply): Promise<Body> {
  if (stored.bodyBlob) return getJson<Body>(stored.teamId, stored.bodyBlob);
  return { text: stored.text ?? "", proposals: (stored.proposals ?? []) as Proposal[] };
}

const REVIEWER = { kind: "reviewer", id: "reviewer", name: "Reviewer" } as const;
const BUILTIN = { kind: "reviewer", id: "builtin", name: "Built-in reviewer" } as const;

/** A person's or an agent's message as people see it. */
export function toMessage(stored: StoredMessage): Message {
  const { threadId, number, id, version, createdAt, messageKind, editedAt, replyNumber } = stored;
  return {
    ...{ threadId, number, id, version, createdAt, messageKind, editedAt, replyNumber },
    author: stored.agent
      ? { kind: "agent", id: stored.authorId, name: stored.agent }
      : { kind: "user", id: stored.authorId, name: stored.authorName },
    ...(stored.proposals !== undefined && { proposals: stored.proposals as Proposal[] }),
    text: stored.deletedAt ? null : (stored.text ?? ""),
  };
}

/** A reply as people see it. */
export async function toReply(stored: StoredReply): Promise<Message & { reply: Reply }> {
  const { threadId, number, messageId: id, version, createdAt, attempt } = stored;
  const { text, proposals } = await unpackBody(stored);
  const details = stored.details as Partial<Reply> | undefined;
  const author = details?.model === "builtin" ? BUILTIN : { ...REVIEWER, name: details?.model ?? REVIEWER.name };
  const status = replyStatusOf(stored);
  // An earlier attempt's error says nothing about the current one.
  const error = status === "pending" || status === "writing" ? undefined : details?.error;
  const reply = { ...details, error, status, question: number - 1, attempt, proposals };
  return { threadId, number, id, author, text, version, createdAt, reply };
}

const STATUSES = {
  queued: "pending",
  running: "writing",
  done: "done",
  failed: "failed",
  cancelled: "stopped",
} as const;

const replyStatusOf = ({ status, outcome }: StoredReply): ReplyStatus => outcome ?? STATUSES[status];

/** Returns messages `from` to `to` by number, with replies that were never claimed. Numbers have no gaps. */
export async function readMessages(threadId: string, from: number, to: number): Promise<Message[]> {
  const stored = await queryMessages(threadId, from, to);
  return Promise.all(stored.map((each) => ("reply" in each ? toReply(each.reply) : toMessage(each.message))));
}
