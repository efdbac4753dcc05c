import { Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, IconButton } from "../ui/button";
import { RelativeTime } from "../ui/relative-time";
import { useConversationContext } from "./conversation-context";
import { ConversationForm } from "./conversation-form";
import { MessageText } from "./message-text";
import type { PageMessage } from "./page";
import { Proposal } from "./proposal";
import { Reply } from "./reply";

type MessageProps = { threadId: string; message: PageMessage; isSending?: boolean };

/** One entry of a thread. */
export function Message({ threadId, message, isSending }: MessageProps) {
  const { author, text, createdAt, editedAt, isOwn, reply, proposals = [] } = message;
  const [isEditing, setEditing] = useState(false);
  if (reply) {
    return (
      <li className="message" data-author="reviewer" data-status={reply.status}>
        <Reply threadId={threadId} message={message} reply={reply} />
      </li>
    );
  }
  return (
    <li className="message" data-author={author.kind} data-sending={isSending || undefined}>
      <div className="message-head">
        <b>{isOwn ? "You" : author.name}</b>
        {isSending ? <span>Sending…</span> : <RelativeTime at={createdAt} />}
        {author.kind === "agent" && <span>agent</span>}
        {editedAt && text !== null && <span>edited</span>}
        {isOwn && text !== null && !isSending && !isEditing && (
          <OwnMessageActions threadId={threadId} message={message} onEdit={() => setEditing(true)} />
        )}
      </div>
      {text === null ? (
        <p className="message-gone">Deleted by the author</p>
      ) : isEditing ? (
        <EditMessage threadId={threadId} message={message} onDone={() => setEditing(false)} />
      ) : (
        <MessageText text={text} />
      )}
      {proposals.map((proposal, index) => (
        <Proposal key={proposal.kind === "change" ? proposal.changeId : `text ${index}`} proposal={proposal} />
      ))}
    </li>
  );
}

function OwnMessageActions({ threadId, message, onEdit }: MessageProps & { onEdit: () => void }) {
  return (
    <span className="message-acts">
      <IconButton label="Edit your message" size="small" tipAlign="end" className="scripted" onClick={onEdit}>
        <Pencil size={12} aria-hidden="true" />
      </IconButton>
      <ConversationForm input={{ intent: "delete", threadId, number: message.number }}>
        <IconButton type="submit" label="Delete your message" size="small" tipAlign="end">
          <Trash2 size={12} aria-hidden="true" />
        </IconButton>
      </ConversationForm>
    </span>
  );
}

function EditMessage({ threadId, message, onDone }: MessageProps & { onDone: () => void }) {
  const { performAction } = useConversationContext();
  const [text, setText] = useState(message.text ?? "");
  const [problem, setProblem] = useState<string>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const failed = await performAction({ intent: "edit", threadId, number: message.number, text: text.trim() });
    if (failed) setProblem(failed);
    else onDone();
  };
  return (
    <form className="composer" onSubmit={save}>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
        autoFocus
        className="composer-text"
        aria-label="Your message"
        value={text}
        required
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onDone();
        }}
      />
      {problem && (
        <p className="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="composer-acts">
        <Button type="submit" size="small">
          Save
        </Button>
        <Button size="small" variant="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
