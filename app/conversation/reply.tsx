import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { RelativeTime } from "../ui/relative-time";
import { describeCost } from "../usage/cost";
import { useConversationContext } from "./conversation-context";
import { ConversationForm } from "./conversation-form";
import { MessageText } from "./message-text";
import { isInProgress, type PageMessage, type PageReply } from "./page";
import { Proposal } from "./proposal";
import type { PartialReply } from "./reply-follower";
import { useReply } from "./use-reply";

type ReplyProps = { threadId: string; message: PageMessage; reply: PageReply };

/** A reviewer's reply: streaming, then finished, with its proposals. */
export function Reply({ threadId, message, reply }: ReplyProps) {
  const { refresh } = useConversationContext();
  const partial = useReply(reply.logId, () => void refresh());
  const isWriting = isInProgress(reply);
  const text = (message.text ?? "") + (isWriting ? partial.text : "");
  const name = message.author.id === "builtin" ? message.author.name : (partial.model ?? message.author.name);
  return (
    <>
      <div className="message-head">
        <b title={name}>{modelName(name)}</b>
        <RelativeTime at={message.createdAt} />
        <ReplyCost reply={reply} />
        {text && !isWriting && <CopyButton text={text} label="Copy this reply" />}
      </div>
      {text && <MessageText text={text} isStreaming={isWriting} />}
      {isWriting ? (
        <ReplyInProgress
          threadId={threadId}
          number={message.number}
          since={reply.attempt === 1 ? message.createdAt : undefined}
          soFar={partial}
          text={text}
        />
      ) : (
        <ReplyOutcome threadId={threadId} number={message.number} reply={reply} hasText={text !== ""} />
      )}
      {reply.proposals.map((proposal, index) => (
        <Proposal key={proposal.kind === "change" ? proposal.changeId : `text ${index}`} proposal={proposal} />
      ))}
    </>
  );
}

/** Returns the display name of `bedrock:anthropic.claude` or `openai:http://localhost:11434/v1#llama3`. */
function modelName(name: string): string {
  if (name.startsWith("openai:")) return name.slice(name.lastIndexOf("#") + 1);
  return name.startsWith("bedrock:") ? name.slice("bedrock:".length) : name;
}

/** Shows the model's context, with the reply's cost as a tooltip. */
function ReplyCost({ reply }: { reply: PageReply }) {
  const { context, usage, costMicroUsd = null, firstTokenMs, totalMs } = reply;
  if (!context) return null;
  const lines = context.startLine
    ? `lines ${context.startLine} to ${context.endLine} of ${context.path}`
    : context.path;
  const cost = usage && totalMs !== undefined && describeCost({ usage, costMicroUsd, firstTokenMs, totalMs });
  const about = `Read ${lines}.${cost ? ` ${cost}` : ""}`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what it cost shows on focus as it does on hover
    <span className="reply-cost" data-tip={about} data-tip-align="end" tabIndex={0} role="note" aria-label={about}>
      {context.kind} context
    </span>
  );
}

type ReplyInProgressProps = { threadId: string; number: number; since?: string; soFar: PartialReply; text: string };

function ReplyInProgress({ threadId, number, since, soFar, text }: ReplyInProgressProps) {
  const { performAction } = useConversationContext();
  const [isStopping, setStopping] = useState(false);
  const stop = async () => {
    setStopping(true);
    if (await performAction({ intent: "stop", threadId, number })) setStopping(false);
  };
  // Its end is known here before the message with it is.
  const status = soFar.end ? "Ended…" : isStopping ? "Stopping…" : (soFar.status ?? (text ? "Writing…" : "Reading…"));
  return (
    <>
      <div className="reply-doing">
        <span>
          {soFar.isDisconnected ? "Connection lost. The reply is still being generated. Reconnecting…" : status}{" "}
          <Elapsed since={since} />
        </span>
        <ConversationForm input={{ intent: "stop", threadId, number }} onSubmit={() => void stop()}>
          <Button
            type="submit"
            size="small"
            disabled={isStopping || soFar.end !== undefined}
            aria-keyshortcuts="Escape"
          >
            Stop
          </Button>
        </ConversationForm>
        <noscript>
          <meta httpEquiv="refresh" content="2" />
        </noscript>
      </div>
      <LiveText text={soFar.text} />
    </>
  );
}

/** Shows the seconds elapsed since a time, or since mount; browser only. */
function Elapsed({ since }: { since?: string }) {
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    const start = since === undefined ? Date.now() : Date.parse(since);
    const tick = () => setSeconds(Math.max(0, Math.round((Date.now() - start) / 1_000)));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return seconds === undefined ? null : <span className="reply-elapsed">{seconds} s</span>;
}

const ANNOUNCE_INTERVAL_MS = 3_000;

/** Announces new text to screen readers every few seconds, at word boundaries. */
function LiveText({ text }: { text: string }) {
  const [spoken, setSpoken] = useState("");
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    let said = 0;
    const timer = setInterval(() => {
      const end = latest.current.search(/\s\S*$/);
      if (end <= said) return;
      setSpoken(latest.current.slice(said, end));
      said = end;
    }, ANNOUNCE_INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="sr-only" aria-live="polite">
      {spoken}
    </p>
  );
}

type ReplyOutcomeProps = { threadId: string; number: number; reply: PageReply; hasText: boolean };

function ReplyOutcome({ threadId, number, reply, hasText }: ReplyOutcomeProps) {
  const at = { threadId, number };
  // A reply that filled the model's context can't be continued, either.
  const isFull = reply.error?.code === "TOKEN_LIMIT_EXCEEDED";
  const continueForm = (
    <ConversationForm key="continue" input={{ intent: "continue", ...at }}>
      <Button type="submit" size="small" data-changes>
        Continue
      </Button>
    </ConversationForm>
  );
  const retryForm = (
    <ConversationForm key="retry" input={{ intent: "retry", ...at }}>
      <Button type="submit" size="small" data-changes>
        Try again
      </Button>
    </ConversationForm>
  );
  const end = (words: string, ...acts: ReactNode[]) => (
    <div className="reply-end" role="status">
      <span>{words}</span>
      {acts}
    </div>
  );
  switch (reply.status) {
    case "failed":
      return end(reply.error?.message ?? "The reply failed.", ...(hasText && !isFull ? [continueForm] : []), retryForm);
    case "stopped":
      return hasText ? end("Stopped.", continueForm) : end("Stopped before any text was written.", retryForm);
    case "truncated":
      if (isFull) return end(reply.error?.message ?? "The model's context is full.", retryForm);
      return end("Reply truncated: maximum length reached.", continueForm);
    case "interrupted":
      return end("Interrupted. The text so far is kept.", hasText ? continueForm : retryForm);
    case "refused":
      return end("The model declined to reply.");
    default:
      return null;
  }
}
