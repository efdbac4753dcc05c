import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { SettingsPage } from "../settings/settings-page";
import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { CallFilters } from "../usage/call-filters";
import { CallPages, CallTable } from "../usage/call-table";
import { Charts } from "../usage/charts";
import { DayTable } from "../usage/day-table";
import { PurposeTable } from "../usage/purpose-table";
import { QuotaToday } from "../usage/quota-today";
import { RangeForm } from "../usage/range-form";
import { Totals } from "../usage/totals";
import { findUsage } from "../usage/usage.server";

export const loader = withLoaderErrors(async ({ request }) =>
  findUsage(await getActor(request), new URL(request.url).searchParams),
);

export const meta: MetaFunction = () => [{ title: "Usage · Redline" }];

export default function Usage() {
  const { today, range, problem, filter, quota, days, calls, nextCursor, isFirst } = useLoaderData<typeof loader>();
  const isFiltered = filter.task !== undefined || filter.status !== undefined;
  const isEmpty = days.length === 0 && calls.length === 0 && isFirst && !isFiltered;
  return (
    <SettingsPage current="usage">
      <QuotaToday quota={quota} />
      <RangeForm today={today} range={range} filter={filter} problem={problem} />
      {isEmpty ? (
        <EmptyState
          title="No model calls in this period"
          action={<ButtonLink to="/settings/model">View active model</ButtonLink>}
        >
          Every model call is logged here with its purpose, tokens, cost and duration. The built-in reviewer is free and
          isn't listed.
        </EmptyState>
      ) : (
        <>
          <Totals days={days} />
          <Charts days={days} range={range} />
          <PurposeTable days={days} />
          <DayTable days={days} />
          <section aria-labelledby="calls" className="mt-8">
            <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
              <h2 id="calls" className="text-16 font-semibold">
                Calls
              </h2>
              <CallFilters range={range} filter={filter} />
            </div>
            <CallTable calls={calls} isFiltered={isFiltered} mayHaveMore={nextCursor !== undefined} />
            <CallPages nextCursor={nextCursor} isFirst={isFirst} />
          </section>
        </>
      )}
    </SettingsPage>
  );
}
