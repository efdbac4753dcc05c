import { Form, useNavigation } from "@remix-run/react";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { formatCost, formatCount } from "../usage/cost";
import { choiceFields } from "./choice";
import type { RequestPage } from "./load.server";

type EstimatedPage = RequestPage & { estimate: NonNullable<RequestPage["estimate"]> };

/** Shows a review's maximum cost and skipped files, and starts it. */
export function Estimate({ page }: { page: EstimatedPage }) {
  const { estimate, choice, reviewId } = page;
  const { files, model, budgetTokens, costMicroUsd, leftToday, inputTokens, outputTokens } = estimate;
  const included = files.filter((file) => file.skipped === undefined);
  const skipped = files.filter((file) => file.skipped !== undefined);
  // While another choice is being estimated, this estimate is not of what would be started.
  const isBusy = useNavigation().state !== "idle";
  return (
    <section aria-label="Estimate" className="mt-6 border-t border-rule pt-4 text-13">
      <dl className="grid max-w-xl grid-cols-[auto_1fr] gap-x-6 gap-y-1">
        <dt className="text-quiet">Model</dt>
        <dd className="break-all">{model}</dd>
        <dt className="text-quiet">Files</dt>
        <dd>
          {included.length} of {files.length}
        </dd>
        <dt className="text-quiet">Tokens</dt>
        <dd>
          about {formatCount(inputTokens)} input, up to {formatCount(outputTokens)} output; at most{" "}
          {formatCount(budgetTokens)} including repairs
        </dd>
        <dt className="text-quiet">Cost</dt>
        <dd>{costMicroUsd === null ? "no price configured for this model" : `${formatCost(costMicroUsd)} at most`}</dd>
        {leftToday !== null && (
          <>
            <dt className="text-quiet">Remaining today</dt>
            <dd>{formatCount(leftToday)} tokens</dd>
          </>
        )}
      </dl>
      {leftToday !== null && leftToday < budgetTokens && (
        <p className="mt-2">
          This may exceed today's remaining budget. The review stops at the limit and lists what it skipped.
        </p>
      )}
      {skipped.length > 0 && (
        <ul aria-label="Skipped files" className="mt-3 list-disc pl-5">
          {skipped.map((file) => (
            <li key={file.path}>
              <b>{file.path}</b> is skipped: {file.skipped}
            </li>
          ))}
        </ul>
      )}
      {included.length === 0 ? (
        <p className="mt-3">There's nothing here for the model to review.</p>
      ) : (
        <Form method="post" className="mt-4 flex flex-wrap items-end gap-3" aria-busy={isBusy}>
          {choiceFields(choice).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name="id" value={reviewId} />
          <Field label="Token budget" className="w-40">
            {(control) => (
              <Input {...control} key={budgetTokens} name="budget" inputMode="numeric" defaultValue={budgetTokens} />
            )}
          </Field>
          <Button type="submit" variant="primary" disabled={isBusy}>
            Start review
          </Button>
          <p className="w-full text-quiet">The review stops before it exceeds this budget.</p>
        </Form>
      )}
    </section>
  );
}
