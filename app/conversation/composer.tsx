import { LIMITS } from "@redline/core/limits";
import { Form, Link } from "@remix-run/react";
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "../ui/button";
import { useConversationContext } from "./conversation-context";
import type { MessageDraft, ReplyMode } from "./use-conversation";
import { usePersistedText } from "./use-persisted-text";

const COUNTER_FROM_CHARS = LIMITS.message.maxChars - 500;

type ComposerProps = {
  /** Storage key of the unsent text. */
  draftKey: string;
  /** The file that the question is about. */
  path: string;
  /** Fields of the plain form. */
  fields: Record<string, string | number | undefined>;
  action: string;
  label: string;
  problem?: string;
  initialText?: string;
  isFocused?: boolean;
  /** Sends the message. Resolves to an error message, in which case the text is kept. */
  onSend: (posted: MessageDraft) => Promise<string | undefined>;
  onCancel?: () => void;
  children?: ReactNode;
};

/** The message composer: for a question that gets a reply, or a note. */
export function Composer(props: ComposerProps) {
  const { draftKey, path, fields, action, label, isFocused, onSend, onCancel, children } = props;
  const { capability, fileSize } = useConversationContext();
  const [kept, setText] = usePersistedText(draftKey);
  const [problem, setProblem] = useState(props.problem);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const text = kept || (props.initialText ?? "");
  useEffect(() => setProblem(props.problem), [props.problem]);
  useEffect(() => {
    if (isFocused) area.current?.focus({ preventScroll: true });
  }, [isFocused]);

  const left = LIMITS.message.maxChars - text.length;
  const send = async (replyMode: ReplyMode) => {
    const message = text.trim();
    if (message === "") return area.current?.focus();
    if (left < 0)
      return setProblem(`Messages are limited to ${LIMITS.message.maxChars.toLocaleString("en")} characters.`);
    setProblem(undefined);
    setText("");
    const failed = await onSend({ text: message, messageKind: "ask", replyMode });
    if (failed === undefined) return;
    setText(message);
    setProblem(failed);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const button = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value");
    void send(button === "note" || !capability.hasModel ? "note" : "reply");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void send(capability.hasModel ? "reply" : "note");
    } else if (event.key === "Escape" && onCancel) {
      event.stopPropagation();
      onCancel();
    }
  };
  const context = fileSize(path) <= (capability.fullFileChars ?? 0) ? "full" : "local";
  return (
    <Form method="post" action={action} className="composer" preventScrollReset onSubmit={onSubmit}>
      {Object.entries(fields).map(
        ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {children}
      <textarea
        ref={area}
        name="text"
        className="composer-text"
        aria-label={label}
        aria-describedby={`${id}-about`}
        aria-invalid={problem ? true : undefined}
        placeholder={capability.hasModel ? "Ask, or leave a note" : "Leave a note"}
        rows={2}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {problem && (
        <p className="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="composer-acts">
        {capability.hasModel && (
          <Button type="submit" name="replyMode" value="reply" variant="primary" size="small" title="Ctrl Enter">
            Ask
          </Button>
        )}
        <Button type="submit" name="replyMode" value="note" size="small">
          Add note
        </Button>
        {onCancel && (
          <Button size="small" variant="quiet" className="scripted" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {text.length > COUNTER_FROM_CHARS && (
          <span className="composer-count" data-over={left < 0 || undefined} role="status">
            {left < 0 ? `${(-left).toLocaleString("en")} over the limit` : `${left.toLocaleString("en")} left`}
          </span>
        )}
        {capability.hasModel && (
          <span
            className="composer-context"
            title={
              context === "full"
                ? "The model reads the whole file."
                : `The file is too long for this model. It reads your lines and up to ${LIMITS.model.localLines} lines around them.`
            }
          >
            {context} context
          </span>
        )}
      </div>
      <p id={`${id}-about`} className={capability.hasModel ? "sr-only" : "composer-about"}>
        {capability.hasModel ? (
          "Ask gets a reply from the reviewer. Notes don't."
        ) : (
          <>
            No model is connected, so this is saved as a note.{" "}
            <Link className="link" to="/settings/model">
              Connect a model
            </Link>
          </>
        )}
      </p>
    </Form>
  );
}
