import { Form } from "@remix-run/react";
import type { FormEvent, ReactNode } from "react";
import type { TalkInput } from "./acts";
import { useTalk } from "./context";

type TalkFormProps = {
  input: TalkInput;
  className?: string;
  /** Instead of sending it. */
  onSubmit?: () => void;
  children: ReactNode;
};

/** An act of the conversation as a plain form that also works without scripts. */
export function TalkForm({ input, className, onSubmit, children }: TalkFormProps) {
  const { act, path } = useTalk();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (onSubmit) onSubmit();
    else void act(input);
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
