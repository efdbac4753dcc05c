import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { RelativeTime } from "../ui/relative-time";
import { describeCost } from "../usage/cost";
import type { AnswerSoFar } from "./answer-follower";
import { useTalk } from "./context";
import { MessageText } from "./message-text";
import { isUnderWay, type PageAnswer, type PageMessage } from "./page";
import { Proposal } from "./proposal";
import { TalkForm } from "./talk-form";
import { useAnswer } from "./use-answer";

type AnswerProps = { threadId: string; message: PageMessage; answer: PageAnswer };

/** A reviewer's message: as it is being written, then as it ended, with what it proposes. */
export function Answer({ threadId, message, answer }: AnswerProps) {
  const { refresh } = useTalk();
  const soFar = useAnswer(answer.logId, () => void refresh());
  const isWriting = isUnderWay(answer);
  const text = (message.text ?? "") + (isWriting ? soFar.text : "");
  const name = message.author.id === "builtin" ? message.author.name : (soFar.model ?? message.author.name);
  return (
    <>
      <div className="message-head">
        <b title={name}>{modelName(name)}</b>
        <RelativeTime at={message.createdAt} />
        <AnswerCost answer={answer} />
      </div>
      {text && <MessageText text={text} isStreaming={isWriting} />}
      {isWriting ? (
        <UnderWay
          threadId={threadId}
          number={message.number}
          since={answer.attempt === 1 ? message.createdAt : undefined}
          soFar={soFar}
          text={text}
        />
      ) : (
        <AnswerEnd threadId={threadId} number={message.number} answer={answer} hasText={text !== ""} />
      )}
      {answer.proposals.map((proposal, index) => (
        <Proposal key={proposal.kind === "change" ? proposal.changeId : `text ${index}`} proposal={proposal} />
      ))}
    </>
  );
}

/** `bedrock:anthropic.claude` and `openai:http://localhost:11434/v1#llama3` by what a person calls them. */
function modelName(name: string): string {
  if (name.startsWith("openai:")) return name.slice(name.lastIndexOf("#") + 1);
  return name.startsWith("bedrock:") ? name.slice("bedrock:".length) : name;
}

/** How much of the file the model read, and on hover or focus what the answer cost. */
function AnswerCost({ answer }: { answer: PageAnswer }) {
  const { context, usage, costMicroUsd = null, firstTokenMs, totalMs } = answer;
  if (!context) return null;
  const lines = context.startLine
    ? `lines ${context.startLine} to ${context.endLine} of ${context.path}`
    : context.path;
  const cost = usage && totalMs !== undefined && describeCost({ usage, costMicroUsd, firstTokenMs, totalMs });
  const about = `Read ${lines}.${cost ? ` ${cost}` : ""}`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what it cost shows on focus as it does on hover
    <span className="answer-cost" data-tip={about} data-tip-align="end" tabIndex={0} role="note" aria-label={about}>
      {context.kind} context
    </span>
  );
}

type UnderWayProps = { threadId: string; number: number; since?: string; soFar: AnswerSoFar; text: string };

function UnderWay({ threadId, number, since, soFar, text }: UnderWayProps) {
  const { act } = useTalk();
  const [isStopping, setStopping] = useState(false);
  const stop = async () => {
    setStopping(true);
    if (await act({ intent: "stop", threadId, number })) setStopping(false);
  };
  // Its end is known here before the message with it is.
  const doing = soFar.end ? "Ended…" : isStopping ? "Stopping…" : (soFar.doing ?? (text ? "Writing…" : "Reading…"));
  return (
    <>
      <div className="answer-doing">
        <span>
          {soFar.isLost ? "Connection lost; it goes on without you. Reconnecting…" : doing} <Elapsed since={since} />
        </span>
        <TalkForm input={{ intent: "stop", threadId, number }} onSubmit={() => void stop()}>
          <Button
            type="submit"
            size="small"
            disabled={isStopping || soFar.end !== undefined}
            aria-keyshortcuts="Escape"
          >
            Stop
          </Button>
        </TalkForm>
        <noscript>
          <meta httpEquiv="refresh" content="2" />
        </noscript>
      </div>
      <Spoken text={soFar.text} />
    </>
  );
}

/** Seconds since then, or since it was first shown, counted in the browser only. */
function Elapsed({ since }: { since?: string }) {
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    const start = since === undefined ? Date.now() : Date.parse(since);
    const tick = () => setSeconds(Math.max(0, Math.round((Date.now() - start) / 1_000)));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return seconds === undefined ? null : <span className="answer-elapsed">{seconds} s</span>;
}

const SPEAK_EVERY_MS = 3_000;

/** What was written since it last spoke, for those who listen: at the end of a word, and not at every one. */
function Spoken({ text }: { text: string }) {
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
    }, SPEAK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="sr-only" aria-live="polite">
      {spoken}
    </p>
  );
}

type AnswerEndProps = { threadId: string; number: number; answer: PageAnswer; hasText: boolean };

function AnswerEnd({ threadId, number, answer, hasText }: AnswerEndProps) {
  const at = { threadId, number };
  // What the model can't hold it can't go on from either.
  const isFull = answer.error?.code === "TOKEN_LIMIT_EXCEEDED";
  const goOn = (
    <TalkForm key="continue" input={{ intent: "continue", ...at }}>
      <Button type="submit" size="small">
        Continue
      </Button>
    </TalkForm>
  );
  const again = (
    <TalkForm key="retry" input={{ intent: "retry", ...at }}>
      <Button type="submit" size="small">
        Try again
      </Button>
    </TalkForm>
  );
  const end = (words: string, ...acts: ReactNode[]) => (
    <div className="answer-end" role="status">
      <span>{words}</span>
      {acts}
    </div>
  );
  switch (answer.status) {
    case "failed":
      return end(answer.error?.message ?? "The answer failed.", ...(hasText && !isFull ? [goOn] : []), again);
    case "stopped":
      return hasText ? end("Stopped.", goOn) : end("Stopped before anything was written.", again);
    case "truncated":
      if (isFull) return end(answer.error?.message ?? "The model's context is full.", again);
      return end("The answer was cut: it reached the length that one may have.", goOn);
    case "interrupted":
      return end("Interrupted. What was written is kept.", hasText ? goOn : again);
    case "refused":
      return end("The model declined to answer.");
    default:
      return null;
  }
}
