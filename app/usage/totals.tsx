import type { DayUsage } from "@redline/core/usage/schema";
import type { ReactNode } from "react";
import { formatCost, formatCount } from "./cost";
import { type Sums, sumOf } from "./sums";

/** Shows the totals of the range. */
export function Totals({ days }: { days: DayUsage[] }) {
  const sums = sumOf(days);
  const { calls, inputTokens, outputTokens, cachedTokens, unknown } = sums;
  return (
    <dl className="mb-6 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
      <Fact name="Calls" note={unknown > 0 ? `${formatCount(unknown)} with an unknown outcome` : undefined}>
        {formatCount(calls)}
      </Fact>
      <Fact name="Tokens in" note={cachedTokens > 0 ? `${formatCount(cachedTokens)} from the cache` : undefined}>
        {formatCount(inputTokens)}
      </Fact>
      <Fact name="Tokens out">{formatCount(outputTokens)}</Fact>
      <Fact name="Cost" note={unpricedNote(sums)}>
        {totalCost(sums)}
      </Fact>
    </dl>
  );
}

/** Formats the total cost; "not priced" when no call has a price. */
export function totalCost({ calls, unpriced, costMicroUsd }: Sums): string {
  return unpriced > 0 && (unpriced === calls || costMicroUsd === 0) ? formatCost(null) : formatCost(costMicroUsd);
}

function unpricedNote(sums: Sums): string | undefined {
  const { unpriced } = sums;
  if (unpriced === 0 || totalCost(sums) === formatCost(null)) return undefined;
  return `and ${formatCount(unpriced)} ${unpriced === 1 ? "call" : "calls"} without a price`;
}

function Fact({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-12 text-quiet">{name}</dt>
      <dd className="text-20 font-semibold tabular-nums">{children}</dd>
      {note && <dd className="text-12 text-quiet">{note}</dd>}
    </div>
  );
}
