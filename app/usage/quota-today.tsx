import type { Quota } from "@redline/core/usage/schema";
import { Link } from "@remix-run/react";
import { RelativeTime } from "../ui/relative-time";
import { formatCount } from "./cost";

/** Shows today's tokens: used, reserved, and remaining of the daily budget. */
export function QuotaToday({ quota }: { quota: Quota }) {
  const { committedTokens, usedTokens, reservedTokens, unknownTokens, limit, leftTokens, resetsAt } = quota;
  const isUnused = committedTokens === 0 && limit === null;
  const parts = [
    `${formatCount(usedTokens)} used`,
    ...(reservedTokens > 0 ? [`${formatCount(reservedTokens)} reserved by calls in progress`] : []),
    ...(unknownTokens > 0 ? [`${formatCount(unknownTokens)} held by calls with an unknown outcome`] : []),
    ...(leftTokens === null ? [] : [`${formatCount(leftTokens)} left`]),
  ];
  return (
    <section aria-labelledby="today" className="mb-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="today" className="text-16 font-semibold">
          Today
        </h2>
        <p className="text-12 text-quiet">
          Days are counted in UTC; the next starts <RelativeTime at={resetsAt} />.
        </p>
      </div>
      <p className="mt-1 text-13">
        <strong className="font-medium">
          {isUnused ? "No" : formatCount(committedTokens)}
          {limit === null ? "" : ` of ${formatCount(limit)}`} tokens
        </strong>
        <span className="text-quiet">{isUnused ? " used" : ` · ${parts.join(" · ")}`}</span>
      </p>
      {limit === null ? (
        <p className="mt-1 text-13 text-quiet">
          No daily budget.{" "}
          <Link to="/settings/model#budget" className="link">
            Set one
          </Link>
        </p>
      ) : (
        <Bar parts={{ used: usedTokens, held: reservedTokens + unknownTokens, limit }} />
      )}
    </section>
  );
}

/** Visualizes the sentence above it. */
function Bar({ parts: { used, held, limit } }: { parts: { used: number; held: number; limit: number } }) {
  const share = (tokens: number) => `${Math.min((tokens / limit) * 100, 100)}%`;
  const isShort = used + held >= limit * 0.9;
  return (
    <div aria-hidden="true" className="mt-2 flex h-2 overflow-hidden rounded-full border border-edge">
      <span className={isShort ? "bg-warn" : "bg-ink"} style={{ width: share(used) }} />
      <span className="bg-edge" style={{ width: share(held) }} />
    </div>
  );
}
