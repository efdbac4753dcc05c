import { newChangeId } from "@redline/core/changes/schema";
import { Form } from "@remix-run/react";
import type { FormEvent, ReactNode } from "react";
import type { ReviewActionInput } from "./actions";

type ActionFormProps = {
  input: ReviewActionInput;
  onAction: (input: ReviewActionInput) => void;
  /** True while the same action is in progress, to prevent a double submission. */
  isBusy?: boolean;
  children: ReactNode;
};

/** An action as a form that also works without JavaScript. */
export function ActionForm({ input, onAction, isBusy = false, children }: ActionFormProps) {
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    onAction("changeId" in input ? { ...input, changeId: newChangeId() } : input);
  };
  return (
    <Form method="post" preventScrollReset onSubmit={onSubmit}>
      {Object.entries(input).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
      {children}
    </Form>
  );
}
