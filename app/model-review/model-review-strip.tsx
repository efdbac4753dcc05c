import type { ModelReview, ModelStep } from "@redline/core/review/schema";
import { modelReviewLogId } from "@redline/core/review/schema";
import { useEffect, useState } from "react";
import type { ReviewActionInput } from "../review/actions";
import { countsText } from "../review/counts-text";
import { ActionForm } from "../review/review-header";
import { Button } from "../ui/button";
import { formatCost, formatCount } from "../usage/cost";
import { useModelReviewLog } from "./use-model-review-log";

type StripProps = { review: ModelReview; onAction: (input: ReviewActionInput) => void };

/** The latest model review: its progress, or its coverage, findings and cost. */
export function ModelReviewStrip({ review, onAction }: StripProps) {
  const isUnderWay = review.status === "queued" || review.status === "running";
  return isUnderWay ? (
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
  const count = (state: ModelStep["state"]) => steps.filter((step) => step.state === state).length;
  const sum = (what: "new" | "open" | "decided" | "resolved" | "repeated") =>
    steps.reduce((total, step) => total + step[what], 0);
  const notWhole = steps.filter((step) => step.state !== "covered");
  const tokens = steps.reduce((total, { usage }) => total + usage.inputTokens + usage.outputTokens, 0);
  const costs = steps.map((step) => step.costMicroUsd);
  const isPriced = costs.every((cost) => cost !== null);
  const cost = isPriced ? costs.reduce<number>((total, each) => total + (each ?? 0), 0) : null;
  const isEstimated = steps.some(({ usage }) => usage.estimated);
  return (
    <details className="review-strip" data-testid="model-review-strip">
      <summary>
        <span>{summaryTitle(review)}</span>
        {failure && <span>{failure}</span>}
        <span>
          {countsText([
            [count("covered"), "covered"],
            [count("partly"), "partially covered"],
            [count("skipped"), "skipped"],
          ])}
        </span>
        <span>
          {countsText([
            [sum("new"), "new"],
            [sum("open"), "still open"],
            [sum("decided"), "closed"],
            [sum("resolved"), "no longer found"],
          ])}
        </span>
        <span>
          {isEstimated && "about "}
          {formatCount(tokens)} tokens · {formatCost(cost)}
        </span>
        <span className="review-strip-more">Details</span>
      </summary>
      <div className="review-strip-body">
        <p>
          By {model}, {scopeLabel(review)}.
          {sum("repeated") > 0 &&
            ` ${sum("repeated")} of its findings matched the built-in reviewer’s and are shown once.`}
        </p>
        {notWhole.length > 0 && (
          <ul aria-label="Partially covered by the model">
            {notWhole.map((step) => (
              <li key={step.path}>
                <b>{step.path}</b> {step.state === "partly" ? "partially covered" : "skipped"}:{" "}
                {step.reason ?? "no reason given"}
              </li>
            ))}
          </ul>
        )}
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
      return "over all files";
    case "file":
      return `over ${scope.path}`;
    case "selection":
      return `over lines ${scope.startLine} to ${scope.endLine} of ${scope.path}`;
    case "difference":
      return `over what changed from v${scope.from} to v${scope.to ?? version}`;
  }
}
