/** A person's decisions and notes since the agent was told last, as one message. */
import type { Server } from "../server/server";
import type { ToldOf } from "./told";

type LineRange = { first: number; last: number };
type Decision = {
  number: number;
  decision: "accept" | "reject";
  state: string;
  path: string;
  lines: { removed: LineRange[]; added: LineRange[] };
  added: string;
  note: string;
};
type Thread = { id: string; path: string; status: string; updatedAt: string; startLine?: number };
type Message = { author: string; by: string; text: string | null; createdAt: string };

export type News = { text: string; told: ToldOf };

const MAX_QUOTED_LINES = 12;

/** Throws what requests throw. The text is empty where there is nothing new. */
export async function newsOf({ requestJson }: Server, sessionId: string, told: ToldOf): Promise<News> {
  const at = `/differences/${sessionId}/decisions?after=${told.decision}`;
  const { decisions, cursor } = await requestJson<{ decisions: Decision[]; cursor: number }>("GET", at);
  const newer = decisions.filter(({ number, state }) => number > told.decision && state !== "undone");
  const parts = newer.filter(({ decision, note }) => decision === "reject" || note !== "").map(decisionText);
  const { notes, notesAt } = await notesSince({ requestJson }, sessionId, told.notesAt);
  return { text: [...parts, ...notes].join("\n\n"), told: { decision: Math.max(cursor, told.decision), notesAt } };
}

function decisionText({ decision, state, path, lines, added, note }: Decision): string {
  const ranges = lines.added.length > 0 ? lines.added : lines.removed;
  const place = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
  const outcome = decision === "accept" ? "accepted" : state === "reverted" ? "rejected and reverted" : "rejected";
  const code = added.replace(/\n$/, "").split("\n");
  const quoted = decision === "reject" && added ? code.slice(0, MAX_QUOTED_LINES).map((line) => `    ${line}`) : [];
  const more = quoted.length > 0 && code.length > MAX_QUOTED_LINES ? [`    (${code.length} lines)`] : [];
  return [
    `${path}:${place || "whole file"} was ${outcome}.`,
    ...(note ? [`Why: ${note}`] : []),
    ...quoted,
    ...more,
  ].join("\n");
}

/** People's messages in open threads. */
async function notesSince({ requestJson }: Pick<Server, "requestJson">, sessionId: string, since: string) {
  const { threads } = await requestJson<{ threads: Thread[] }>("GET", `/agents/sessions/${sessionId}`);
  const notes: string[] = [];
  let notesAt = since;
  for (const { id, path, startLine, status, updatedAt } of threads) {
    if (status !== "open" || updatedAt <= since) continue;
    const answer = await requestJson<{ messages: Message[] }>("GET", `/agents/sessions/${sessionId}/threads/${id}`);
    const own = answer.messages.filter(({ by, text, createdAt }) => by === "user" && text && createdAt > since);
    if (own.length === 0) continue;
    for (const { createdAt } of own) if (createdAt > notesAt) notesAt = createdAt;
    const place = startLine === undefined ? path : `${path}:${startLine}`;
    notes.push([`On ${place}:`, ...own.map(({ author, text }) => `${author}: ${text}`)].join("\n"));
  }
  return { notes, notesAt };
}
