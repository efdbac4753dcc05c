import type { DayUsage } from "@redline/core/usage/schema";
import { lazy, type ReactNode, Suspense } from "react";
import { useHydrated } from "../ui/use-hydrated";
import { byDay, sumOf } from "./sums";

const DayChart = lazy(() => import("./day-chart"));

/**
 * Charts tokens and cost by day; needs JavaScript. Loaded after the page, in a reserved space. Hidden from assistive
 * technology, as the page's tables have the same numbers.
 */
export function Charts({ days, range }: { days: DayUsage[]; range: { from: string; to: string } }) {
  const isHydrated = useHydrated();
  const data = byDay(days, range.from, range.to);
  const hasCosts = sumOf(days).costMicroUsd > 0;
  const draw = (kind: "tokens" | "cost") =>
    isHydrated && (
      <Suspense>
        <DayChart data={data} kind={kind} />
      </Suspense>
    );
  return (
    <div className={hasCosts ? "scripted mb-8 grid gap-6 md:grid-cols-2" : "scripted mb-8"}>
      <Chart title="Tokens by day" legend={<Legend />}>
        {draw("tokens")}
      </Chart>
      {hasCosts && <Chart title="Cost by day, in dollars">{draw("cost")}</Chart>}
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
