import { useSearchParams } from "@remix-run/react";
import { type KeyboardEvent, useMemo } from "react";
import { Button } from "../ui/button";
import { Composer } from "./composer";
import { useTalk } from "./context";
import { Message } from "./message";
import { isUnderWay, type OpenThread } from "./page";
import { TalkForm } from "./talk-form";
import { asMessage, type SendingMessage } from "./use-conversation";

export type ThreadBodyProps = {
  open: OpenThread;
  sending: readonly SendingMessage[];
  problem?: string;
  onEarlier: () => Promise<void>;
};

/** What was said in the open thread, and where one says more. */
export function ThreadBody({ open, sending, problem, onEarlier }: ThreadBodyProps) {
  const { thread, messages, earlierCursor } = open;
  const { sessionId, nextMessageId, path, post, act, refresh } = useTalk();
  const [query] = useSearchParams();
  const known = useMemo(() => new Set(messages.map((message) => message.id)), [messages]);
  const onTheirWay = sending.filter((each) => each.threadId === thread.id && !known.has(each.id));
  const written = messages.find((message) => message.answer && isUnderWay(message.answer));
  const writtenAt = written?.number;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || writtenAt === undefined || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    void act({ intent: "stop", threadId: thread.id, number: writtenAt });
  };
  const here = `?${new URLSearchParams({ file: query.get("file") ?? path, thread: thread.id })}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape stops the answer wherever in the thread the focus is
    <div onKeyDown={onKeyDown}>
      {earlierCursor && (
        <Button size="small" look="quiet" className="scripted" onClick={() => void onEarlier()}>
          Show earlier messages
        </Button>
      )}
      <ol className="messages" aria-label="Messages">
        {messages.map((message) => (
          <Message key={message.number} threadId={thread.id} message={message} />
        ))}
        {onTheirWay.map((each, index) => (
          <Message key={each.id} threadId={thread.id} message={asMessage(each, thread.count + index + 1)} isSending />
        ))}
      </ol>
      {problem && (
        <p className="composer-problem" role="alert">
          {problem}{" "}
          <Button size="small" onClick={() => void refresh()}>
            Try again
          </Button>
        </p>
      )}
      <Composer
        place={`${sessionId}.${thread.id}`}
        path={thread.path}
        action={here}
        label="Reply"
        fields={{ intent: "post", threadId: thread.id, messageId: nextMessageId }}
        onSend={post}
      />
      <TalkForm
        className="thread-acts"
        input={{ intent: thread.status === "open" ? "resolve" : "reopen-thread", threadId: thread.id }}
      >
        <Button type="submit" size="small" look="quiet">
          {thread.status === "open" ? "Resolve" : "Reopen"}
        </Button>
      </TalkForm>
    </div>
  );
}
