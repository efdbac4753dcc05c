import type { ReplyEvent } from "@redline/core/threads/schema";
import type { LogListener, LogMessage } from "../logs/log-stream";

/** A reply received so far. */
export type PartialReply = {
  text: string;
  model?: string;
  /** The current step before text arrives. */
  status?: string;
  /** Number of proposals so far; the thread holds them. */
  proposals: number;
  end?: Extract<ReplyEvent, { type: "end" }>;
  /** True while the connection is lost and being retried. */
  isDisconnected: boolean;
};

export const EMPTY_REPLY: PartialReply = { text: "", proposals: 0, isDisconnected: false };

type Settings = {
  follow: (logId: string, listen: LogListener) => () => void;
  onChange: (reply: PartialReply) => void;
  /** Called when the log ends; the thread then holds the whole reply. */
  onEnd: () => void;
};

/** Follows a reply's log and assembles the reply. Returns how to stop. */
export function followReply(logId: string, { follow, onChange, onEnd }: Settings): () => void {
  let reply = EMPTY_REPLY;
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    onEnd();
  };
  const stop = follow(logId, (message) => {
    if (hasEnded) return;
    if (message.type === "end") return end();
    const change = changeOf(reply, message);
    reply = { ...reply, ...change };
    onChange(reply);
    if (change.end) end();
  });
  return () => {
    hasEnded = true;
    stop();
  };
}

/** Returns what a message changes in the reply so far. */
function changeOf(reply: PartialReply, message: Exclude<LogMessage, { type: "end" }>): Partial<PartialReply> {
  if (message.type === "connection") return { isDisconnected: message.isLost };
  const event = JSON.parse(message.data) as ReplyEvent;
  switch (event.type) {
    case "text":
      return { text: reply.text + event.text, status: undefined };
    case "kept":
      return { text: reply.text.slice(0, event.chars) };
    case "model":
      return { model: event.name };
    case "progress":
      return { status: event.text };
    case "proposal":
      return { proposals: reply.proposals + 1, status: undefined };
    case "end":
      return { end: event, status: undefined };
  }
}
