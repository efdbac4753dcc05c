import type { DayUsage } from "@redline/core/usage/schema";
import type { ReactNode } from "react";
import { DayChart } from "./day-chart";
import { byDay, sumOf } from "./sums";

/** Charts tokens and cost by day. Hidden from assistive technology, as the page's tables have the same numbers. */
export function Charts({ days, range }: { days: DayUsage[]; range: { from: string; to: string } }) {
  const data = byDay(days, range.from, range.to);
  const hasCosts = sumOf(days).costMicroUsd > 0;
  return (
    <div className={hasCosts ? "mb-8 grid gap-6 md:grid-cols-2" : "mb-8"}>
      <Chart title="Tokens by day" legend={<Legend />}>
        <DayChart data={data} kind="tokens" />
      </Chart>
      {hasCosts && (
        <Chart title="Cost by day, in dollars">
          <DayChart data={data} kind="cost" />
        </Chart>
      )}
    </div>
  );
}

function Chart({ title, legend, children }: { title: string; legend?: ReactNode; children: ReactNode }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex items-baseline justify-between text-13 font-medium">
        {title}
        {legend}
      </figcaption>
      <div aria-hidden="true" className="h-44">
        {children}
      </div>
    </figure>
  );
}

function Legend() {
  return (
    <span aria-hidden="true" className="flex gap-3 text-12 font-normal text-quiet">
      <span className="flex items-center gap-1">
        <i className="size-2.5 bg-ink" /> out
      </span>
      <span className="flex items-center gap-1">
        <i className="size-2.5 bg-edge" /> in
      </span>
    </span>
  );
}
