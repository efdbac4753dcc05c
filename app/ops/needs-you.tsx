import type { Overview } from "@redline/core/ops/schema";
import { formatCount } from "../usage/cost";
import { failed } from "./functions";
import { functionName, queueName } from "./names";

export const FUNCTIONS_ID = "functions";
export const QUEUES_ID = "queues";
export const UNDER_WAY_ID = "under-way";

type Need = { to: string; what: string };

/** What an operator came for, before all the numbers: each leads to where it can be seen to. */
export function NeedsYou(parts: Pick<Overview, "measures" | "queues" | "jobs">) {
  const needs = needsIn(parts);
  if (needs.length === 0) {
    const isAllKnown = Object.values(parts).every((part) => part !== null);
    return isAllKnown ? <p className="mb-6 text-13 text-quiet">Nothing needs you.</p> : null;
  }
  return (
    <section aria-label="Needs you" className="mb-6 border-l-2 border-danger pl-3 text-13">
      <ul className="flex flex-col gap-1">
        {needs.map(({ to, what }) => (
          <li key={what}>
            <a href={`#${to}`} className="underline underline-offset-2">
              {what}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function needsIn({ measures, queues, jobs }: Pick<Overview, "measures" | "queues" | "jobs">): Need[] {
  const stalled = (jobs ?? []).filter(({ state }) => state === "stalled").length;
  return [
    ...(queues ?? [])
      .filter(({ dead }) => dead > 0)
      .map(({ name, dead }) => ({ to: QUEUES_ID, what: `${counted(dead, "dead letter")}: ${queueName(name)}` })),
    ...(measures?.functions ?? []).flatMap((row) => [
      ...(row.failures > 0 ? [{ to: FUNCTIONS_ID, what: `${functionName(row.name)}: ${failed(row)} failed` }] : []),
      ...(row.throttles > 0
        ? [{ to: FUNCTIONS_ID, what: `${functionName(row.name)}: ${formatCount(row.throttles)} throttled` }]
        : []),
    ]),
    ...(stalled > 0 ? [{ to: UNDER_WAY_ID, what: `${counted(stalled, "job")} whose worker is gone` }] : []),
  ];
}

const counted = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
