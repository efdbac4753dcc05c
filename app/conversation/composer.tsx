import { LIMITS } from "@redline/core/limits";
import { Form, Link } from "@remix-run/react";
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "../ui/button";
import { useTalk } from "./context";
import { useKeptText } from "./kept-text";
import type { Posted, Wanted } from "./use-conversation";

const COUNTED_FROM = LIMITS.message.maxChars - 500;

type ComposerProps = {
  /** Names what it is for: what is written is kept under it until it was sent. */
  place: string;
  /** The file that the question is about. */
  path: string;
  /** Fields of the plain form. */
  fields: Record<string, string | number | undefined>;
  action: string;
  label: string;
  problem?: string;
  initialText?: string;
  isFocused?: boolean;
  /** Gives what went wrong; then the text stays. */
  onSend: (posted: Posted) => Promise<string | undefined>;
  onCancel?: () => void;
  children?: ReactNode;
};

/** Where one writes: a question that is answered, or a note. */
export function Composer(props: ComposerProps) {
  const { place, path, fields, action, label, isFocused, onSend, onCancel, children } = props;
  const { answerers, sizeOf } = useTalk();
  const [kept, setText] = useKeptText(place);
  const [problem, setProblem] = useState(props.problem);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const text = kept || (props.initialText ?? "");
  useEffect(() => setProblem(props.problem), [props.problem]);
  useEffect(() => {
    if (isFocused) area.current?.focus({ preventScroll: true });
  }, [isFocused]);

  const left = LIMITS.message.maxChars - text.length;
  const send = async (wanted: Wanted) => {
    const said = text.trim();
    if (said === "") return area.current?.focus();
    if (left < 0)
      return setProblem(`A message has at most ${LIMITS.message.maxChars.toLocaleString("en")} characters.`);
    setProblem(undefined);
    setText("");
    const failed = await onSend({ text: said, about: "ask", wanted });
    if (failed === undefined) return;
    setText(said);
    setProblem(failed);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const pressed = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value");
    void send(pressed === "note" || !answerers.hasModel ? "note" : "answer");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void send(answerers.hasModel ? "answer" : "note");
    } else if (event.key === "Escape" && onCancel) {
      event.stopPropagation();
      onCancel();
    }
  };
  const context = sizeOf(path) <= (answerers.fullFileChars ?? 0) ? "full" : "local";
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
        placeholder={answerers.hasModel ? "Ask, or leave a note" : "Leave a note"}
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
        {answerers.hasModel && (
          <Button type="submit" name="wanted" value="answer" look="primary" size="small" title="Ctrl Enter">
            Ask
          </Button>
        )}
        <Button type="submit" name="wanted" value="note" size="small">
          Add note
        </Button>
        {onCancel && (
          <Button size="small" look="quiet" className="scripted" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {text.length > COUNTED_FROM && (
          <span className="composer-count" data-over={left < 0 || undefined} role="status">
            {left < 0 ? `${(-left).toLocaleString("en")} too many` : `${left.toLocaleString("en")} left`}
          </span>
        )}
        {answerers.hasModel && (
          <span
            className="composer-context"
            title={
              context === "full"
                ? "The model reads the whole file."
                : `The file is long for this model: it reads the lines with up to ${LIMITS.model.localLines} around them.`
            }
          >
            {context} context
          </span>
        )}
      </div>
      <p id={`${id}-about`} className={answerers.hasModel ? "sr-only" : "composer-about"}>
        {answerers.hasModel ? (
          "The reviewer answers questions; a note is for people."
        ) : (
          <>
            No model is set up, so nobody answers: it is kept as a note.{" "}
            <Link className="link" to="/settings/model">
              Turn a model on
            </Link>
          </>
        )}
      </p>
    </Form>
  );
}
