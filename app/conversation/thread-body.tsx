import { useSearchParams } from "@remix-run/react";
import { type KeyboardEvent, useMemo } from "react";
import { Button } from "../ui/button";
import { Composer } from "./composer";
import { useConversationContext } from "./conversation-context";
import { ConversationForm } from "./conversation-form";
import { Message } from "./message";
import { isInProgress, type OpenThread } from "./page";
import { type SendingMessage, toPageMessage } from "./use-conversation";

export type ThreadBodyProps = {
  open: OpenThread;
  sending: readonly SendingMessage[];
  problem?: string;
  onEarlier: () => Promise<void>;
};

/** The open thread's messages and reply composer. */
export function ThreadBody({ open, sending, problem, onEarlier }: ThreadBodyProps) {
  const { thread, messages, earlierCursor } = open;
  const { sessionId, nextMessageId, path, postMessage, performAction, refresh } = useConversationContext();
  const [query] = useSearchParams();
  const known = useMemo(() => new Set(messages.map((message) => message.id)), [messages]);
  const pending = sending.filter((each) => each.threadId === thread.id && !known.has(each.id));
  const writing = messages.find((message) => message.reply && isInProgress(message.reply));
  const writingNumber = writing?.number;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || writingNumber === undefined || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    void performAction({ intent: "stop", threadId: thread.id, number: writingNumber });
  };
  const here = `?${new URLSearchParams({ file: query.get("file") ?? path, thread: thread.id })}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape stops the reply wherever in the thread the focus is
    <div onKeyDown={onKeyDown}>
      {earlierCursor && (
        <Button size="small" variant="quiet" className="scripted" onClick={() => void onEarlier()}>
          Show earlier messages
        </Button>
      )}
      <ol className="messages" aria-label="Messages">
        {messages.map((message) => (
          <Message key={message.number} threadId={thread.id} message={message} />
        ))}
        {pending.map((each, index) => (
          <Message
            key={each.id}
            threadId={thread.id}
            message={toPageMessage(each, thread.count + index + 1)}
            isSending
          />
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
        draftKey={`${sessionId}.${thread.id}`}
        path={thread.path}
        action={here}
        label="Reply"
        fields={{ intent: "post", threadId: thread.id, messageId: nextMessageId }}
        onSend={postMessage}
      />
      <ConversationForm
        className="thread-acts"
        input={{ intent: thread.status === "open" ? "resolve" : "reopen-thread", threadId: thread.id }}
      >
        <Button type="submit" size="small" variant="quiet">
          {thread.status === "open" ? "Resolve" : "Reopen"}
        </Button>
      </ConversationForm>
    </div>
  );
}
