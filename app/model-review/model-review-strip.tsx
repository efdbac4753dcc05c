import type { ModelReview } from "@redline/core/review/schema";
import { modelReviewLogId } from "@redline/core/review/schema";
import { useEffect, useState } from "react";
import { ActionForm } from "../review/action-form";
import type { ReviewActionInput } from "../review/actions";
import { countsText } from "../review/counts-text";
import { CoverageGaps, coverageText } from "../review/coverage-gaps";
import { Button } from "../ui/button";
import { formatCost, formatCount } from "../usage/cost";
import { useModelReviewLog } from "./use-model-review-log";

type StripProps = { review: ModelReview; onAction: (input: ReviewActionInput) => void };

/** The latest model review: its progress, or its coverage, findings and cost. */
export function ModelReviewStrip({ review, onAction }: StripProps) {
  const isInProgress = review.status === "queued" || review.status === "running";
  return isInProgress ? (
    <ModelReviewProgress review={review} onAction={onAction} />
  ) : (
    <ModelReviewSummary review={review} />
  );
}

function ModelReviewProgress({ review, onAction }: StripProps) {
  const progress = useModelReviewLog(modelReviewLogId(review.sessionId, review.id));
  const seconds = useElapsed(review.requestedAt);
  const done = progress?.done ?? review.steps.filter((step) => step.state !== "pending").length;
  return (
    <div className="review-strip review-strip-line" data-testid="model-review-progress">
      <span role="status">
        {progress?.path ? `Model reviewing ${progress.path}` : "Model review starting…"}
        {` · ${done} of ${review.steps.length} ${review.steps.length === 1 ? "file" : "files"}`}
      </span>
      {progress !== null && progress.findings > 0 && (
        <span>
          {progress.findings} {progress.findings === 1 ? "finding" : "findings"} so far
        </span>
      )}
      {progress !== null && progress.tokens > 0 && <span>{formatCount(progress.tokens)} tokens</span>}
      {seconds !== null && <span aria-hidden="true">{seconds} s</span>}
      <span className="review-strip-act">
        <ActionForm input={{ intent: "cancel-model-review", id: review.id }} onAction={onAction}>
          <Button type="submit" size="small">
            Cancel
          </Button>
        </ActionForm>
      </span>
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
    </div>
  );
}

/** Returns the seconds since a time; null until the browser counts. */
function useElapsed(since: string): number | null {
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    const count = () => setSeconds(Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1_000)));
    count();
    const timer = setInterval(count, 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return seconds;
}

const summaryTitle = ({ status, version }: ModelReview): string =>
  status === "done"
    ? `Model reviewed v${version}`
    : `Model review of v${version} ${status === "cancelled" ? "cancelled" : "failed"}`;

function ModelReviewSummary({ review }: { review: ModelReview }) {
  const { steps, model, failure } = review;
  const sum = (what: "new" | "open" | "decided" | "resolved" | "repeated") =>
    steps.reduce((total, step) => total + step[what], 0);
  const tokens = steps.reduce((total, { usage }) => total + usage.inputTokens + usage.outputTokens, 0);
  const costs = steps.map((step) => step.costMicroUsd);
  const isPriced = costs.every((cost) => cost !== null);
  const cost = isPriced ? costs.reduce<number>((total, each) => total + (each ?? 0), 0) : null;
  const isEstimated = steps.some(({ usage }) => usage.estimated);
  const covered = coverageText(steps);
  const changed = countsText([
    [sum("new"), "new"],
    [sum("open"), "still open"],
    [sum("decided"), "closed"],
    [sum("resolved"), "no longer found"],
  ]);
  const spent = `${isEstimated ? "about " : ""}${formatCount(tokens)} tokens · ${formatCost(cost)}`;
  return (
    <details className="review-strip" data-testid="model-review-strip">
      <summary>
        <span>{summaryTitle(review)}</span>
        {failure && <span>{failure}</span>}
        <span className="on-wide">{covered}</span>
        <span className="on-wide">{changed}</span>
        <span className="on-wide">{spent}</span>
        <span className="review-strip-more">Details</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields */}
      <div className="review-strip-body" tabIndex={0} role="group" aria-label="Details of the review">
        <p className="on-phone">{[covered, changed, spent].filter(Boolean).join(" · ")}</p>
        <p>
          Model: {model}. Scope: {scopeLabel(review)}.
          {sum("repeated") > 0 &&
            ` ${sum("repeated")} of its findings matched the built-in reviewer's and are shown once.`}
        </p>
        <CoverageGaps label="Partially covered by the model" files={steps} />
        <table>
          <caption className="sr-only">Model review by file</caption>
          <thead>
            <tr>
              {["File", "New", "Still open", "Closed", "No longer found", "Tokens", "Cost"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={step.path}>
                <th scope="row">{step.path}</th>
                <td>{step.new}</td>
                <td>{step.open}</td>
                <td>{step.decided}</td>
                <td>{step.resolved}</td>
                <td>{formatCount(step.usage.inputTokens + step.usage.outputTokens)}</td>
                <td>{formatCost(step.costMicroUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function scopeLabel({ scope, version }: ModelReview): string {
  switch (scope.kind) {
    case "session":
      return "all files";
    case "file":
      return scope.path;
    case "selection":
      return `lines ${scope.startLine} to ${scope.endLine} of ${scope.path}`;
    case "difference":
      return `changes from v${scope.from} to v${scope.to ?? version}`;
  }
}
