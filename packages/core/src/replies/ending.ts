import { $remove } from "dynamodb-toolbox/entity/actions/update";
import { type Body, packBody, type StoredReply, unpackBody } from "../threads/internal";
import type { Reply, ReplyEvent, ReplyStatus } from "../threads/schema";
import type { EndedStatus } from "../work/schema";
import { mergeProposals } from "./attempts";

export type ReplyEndStatus = Exclude<ReplyStatus, "pending" | "writing">;

/** The stored state of each way in which a reply ends: a state of work, with an outcome where that says more. */
const STORED: Record<ReplyEndStatus, { status: EndedStatus; outcome?: "truncated" | "refused" | "interrupted" }> = {
  done: { status: "done" },
  truncated: { status: "done", outcome: "truncated" },
  refused: { status: "done", outcome: "refused" },
  failed: { status: "failed" },
  interrupted: { status: "failed", outcome: "interrupted" },
  stopped: { status: "cancelled" },
};

/** Returns what is stored of a reply that has ended, with its text and proposals in a blob where they are long. */
export async function endFields(
  teamId: string,
  ended: ReplyEndStatus,
  body: Body,
  details: Partial<Reply>,
): Promise<{ status: EndedStatus; fields: Record<string, unknown> }> {
  const { status, outcome = $remove() } = STORED[ended];
  const { text, proposals, bodyBlob } = await packBody(teamId, body);
  const fields = {
    ...{ outcome, details },
    ...{ text: text ?? $remove(), proposals: proposals ?? $remove(), bodyBlob: bodyBlob ?? $remove() },
  };
  return { status, fields };
}

/** Ends a reply whose writer died as interrupted, with what its log holds; as its writer meant to, where that is in it. */
export async function endInterrupted(
  reply: StoredReply,
  events: readonly ReplyEvent[],
): Promise<{ status: EndedStatus; fields: Record<string, unknown>; last: ReplyEvent }> {
  const body = await unpackBody(reply);
  const details = { ...(reply.details as Partial<Reply> | undefined) };
  let status: ReplyEndStatus = "interrupted";
  let error: Reply["error"];
  const charsBefore = body.text.length;
  for (const event of events) {
    if (event.type === "text") body.text += event.text;
    if (event.type === "kept") body.text = body.text.slice(0, charsBefore + event.chars);
    if (event.type === "proposal") body.proposals = mergeProposals(body.proposals, [event.proposal]);
    if (event.type === "model") details.model = event.name;
    if (event.type === "end") ({ status, error } = event);
  }
  const stored = await endFields(reply.teamId, status, body, { ...details, error });
  return { ...stored, last: { type: "end", status, ...(error && { error }) } };
}
