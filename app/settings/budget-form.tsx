import type { Quota } from "@redline/core/usage/schema";
import { Form, Link } from "@remix-run/react";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { formatCount } from "../usage/cost";

type BudgetFormProps = { dailyTokens: number | null; quota: Quota; typed?: string; error?: string };

/** Edits the daily token budget; empty means unlimited. */
export function BudgetForm({ dailyTokens, quota, typed, error }: BudgetFormProps) {
  return (
    <section id="budget" aria-labelledby="budget-title" className="border-t border-rule py-6">
      <h2 id="budget-title" className="text-16 font-semibold">
        Daily budget
      </h2>
      <p className="mt-1 mb-3 max-w-prose text-13 text-quiet">
        Each call reserves the tokens it may use from the daily budget; unused tokens are returned afterwards. A call
        that doesn't fit is refused before it costs anything. Today:{" "}
        <Link to="/settings/usage" className="link">
          {formatCount(quota.committedTokens)} tokens
        </Link>
        .
      </p>
      <Form method="post" preventScrollReset className="flex flex-col items-start gap-3">
        <Field label="Tokens per day (UTC)" hint="Leave empty for no limit." error={error} className="w-56">
          {(control) => (
            <Input
              {...control}
              key={dailyTokens}
              name="budget"
              inputMode="numeric"
              autoComplete="off"
              defaultValue={typed ?? dailyTokens?.toLocaleString("en") ?? ""}
            />
          )}
        </Field>
        <Button type="submit" name="intent" value="budget">
          Save budget
        </Button>
      </Form>
    </section>
  );
}
