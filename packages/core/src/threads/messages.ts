import type { FormattedItem } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { getJson, putJson } from "../platform/blobs";
import { padNumber } from "../platform/ids";
import { table } from "../platform/table";
import type { Answer, AnswerStatus, Message, Proposal } from "./schema";
import { MessageEntity } from "./store";

export type StoredMessage = FormattedItem<typeof MessageEntity>;

type Body = { text: string; proposals: Proposal[] };
export type StoredBody = { text?: string; proposals?: Proposal[]; bodyBlob?: string };

/** Text and proposals up to 32 KB are in the item; longer ones in a blob that the item names. */
export async function packBody(teamId: string, body: Body): Promise<StoredBody> {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  return bytes <= LIMITS.codebase.maxInlineBodyBytes ? body : { bodyBlob: await putJson(teamId, body) };
}

export async function unpackBody(stored: StoredMessage): Promise<Body> {
  if (stored.bodyBlob) return getJson<Body>(stored.teamId ?? "", stored.bodyBlob);
  return { text: stored.text ?? "", proposals: (stored.proposals ?? []) as Proposal[] };
}

const REVIEWER = { kind: "reviewer", id: "reviewer", name: "Reviewer" } as const;
const BUILTIN = { kind: "reviewer", id: "builtin", name: "Built-in reviewer" } as const;

/** A message as people see it. */
export async function toMessage(stored: StoredMessage): Promise<Message> {
  const { threadId, number, id, version, createdAt } = stored;
  if (stored.status === undefined) {
    return {
      threadId,
      number,
      id,
      author: { kind: "user", id: stored.authorId, name: stored.authorName },
      text: stored.deletedAt ? null : (stored.text ?? ""),
      intent: stored.intent,
      version,
      createdAt,
      editedAt: stored.editedAt,
      answeredBy: stored.answeredBy,
    };
  }
  const { text, proposals } = await unpackBody(stored);
  const details = stored.details as Partial<Answer> | undefined;
  const author = details?.model === "builtin" ? BUILTIN : { ...REVIEWER, name: details?.model ?? REVIEWER.name };
  const status: AnswerStatus = stored.status === "closing" ? "writing" : stored.status;
  const { question = number - 1, attempt = 1 } = stored;
  // What an earlier attempt failed of says nothing of the one under way.
  const error = status === "pending" || status === "writing" ? undefined : details?.error;
  const answer = { ...details, error, status, question, attempt, proposals };
  return { threadId, number, id, author, text, version, createdAt, answer };
}

/** The answer that a question waits for and that nobody has begun to write. */
export function pendingAnswer(question: Message, number: number): Message {
  const { threadId, version, createdAt } = question;
  const answer = { status: "pending", question: question.number, attempt: 1, proposals: [] } as const;
  return {
    threadId,
    number,
    id: answerId(question.id),
    author: REVIEWER,
    text: "",
    version,
    createdAt,
    answer: { ...answer, proposals: [] },
  };
}

/** An answer's id follows from its question's. */
export const answerId = (questionId: string): string => `${questionId}-answer`;

export async function readMessage(threadId: string, number: number): Promise<StoredMessage | undefined> {
  const get = MessageEntity.build(GetItemCommand).key({ threadId, number });
  return (await get.options({ consistent: true }).send()).Item;
}

/** Messages `from` to `to` by number, answers that nobody has begun included. Numbers have no gaps. */
export async function readMessages(threadId: string, from: number, to: number): Promise<Message[]> {
  // One more before the first: it may be the question of a first that has no item yet.
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(MessageEntity)
    .query({
      partition: `THREAD#${threadId}`,
      range: { between: [`MESSAGE#${padNumber(Math.max(1, from - 1))}`, `MESSAGE#${padNumber(to)}`] },
    })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  const stored = new Map(Items.map((each) => [each.number, each]));
  const messages: Message[] = [];
  for (const each of Items) {
    const message = await toMessage(each);
    if (message.number >= from) messages.push(message);
    const answer = message.answeredBy;
    if (answer !== undefined && answer >= from && answer <= to && !stored.has(answer)) {
      messages.push(pendingAnswer(message, answer));
    }
  }
  return messages;
}
