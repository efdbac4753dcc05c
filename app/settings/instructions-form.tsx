import { LIMITS } from "@redline/core/limits";
import { Form } from "@remix-run/react";
import { useState } from "react";
import { Button } from "../ui/button";
import { Field, Textarea } from "../ui/field";
import { formatCount } from "../usage/cost";

const MAX = LIMITS.model.instructionsChars;

type InstructionsFormProps = { instructions: string; typed?: string; error?: string };

/** Edits the user's instructions, which every prompt ends with. */
export function InstructionsForm({ instructions, typed, error }: InstructionsFormProps) {
  const [length, setLength] = useState((typed ?? instructions).trim().length);
  const left = MAX - length;
  const count = (
    <span className={left < 0 ? "text-danger" : undefined}>
      {left < 0
        ? `${formatCount(-left)} characters over the limit.`
        : `${formatCount(length)} of ${formatCount(MAX)} characters.`}
    </span>
  );
  return (
    <section id="instructions" aria-labelledby="instructions-title" className="border-t border-rule py-6">
      <h2 id="instructions-title" className="text-16 font-semibold">
        Custom instructions
      </h2>
      <p className="mt-1 mb-3 max-w-prose text-13 text-quiet">
        Added to every question and review: your code conventions, what to focus on, the tone of replies. They never
        change what the model is allowed to do.
      </p>
      <Form method="post" preventScrollReset className="flex max-w-prose flex-col items-start gap-3">
        <Field label="Instructions" isLabelHidden hint={count} error={error} className="w-full">
          {(control) => (
            <Textarea
              {...control}
              name="instructions"
              rows={6}
              defaultValue={typed ?? instructions}
              onChange={(event) => setLength(event.target.value.trim().length)}
              placeholder="We use pnpm and Vitest. Prefer early returns. Answer briefly."
            />
          )}
        </Field>
        <Button type="submit" name="intent" value="instructions">
          Save instructions
        </Button>
      </Form>
    </section>
  );
}
