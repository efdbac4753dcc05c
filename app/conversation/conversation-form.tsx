import { Form } from "@remix-run/react";
import type { FormEvent, ReactNode } from "react";
import type { ConversationActionInput } from "./actions";
import { useConversationContext } from "./conversation-context";

type ConversationFormProps = {
  input: ConversationActionInput;
  className?: string;
  /** Replaces the default submission. */
  onSubmit?: () => void;
  children: ReactNode;
};

/** A conversation action as a form that also works without JavaScript. */
export function ConversationForm({ input, className, onSubmit, children }: ConversationFormProps) {
  const { performAction, path } = useConversationContext();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (onSubmit) onSubmit();
    else void performAction(input);
  };
  return (
    <Form
      method="post"
      action={`?${new URLSearchParams({ file: path, thread: input.threadId })}`}
      preventScrollReset
      className={className}
      onSubmit={submit}
    >
      {Object.entries(input).map(
        ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={String(value)} />,
      )}
      {children}
    </Form>
  );
}
