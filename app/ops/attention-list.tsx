import type { Overview } from "@redline/core/ops/schema";
import { formatCount } from "../usage/cost";
import { formatFailures } from "./functions";
import { functionName, queueName } from "./names";

export const FUNCTIONS_ID = "functions";
export const QUEUES_ID = "queues";
export const IN_PROGRESS_ID = "under-way";

type AttentionItem = { to: string; what: string };

/** Lists what needs the operator's attention, each linked to its section. */
export function AttentionList(parts: Pick<Overview, "measures" | "queues" | "jobs">) {
  const needs = findAttentionItems(parts);
  if (needs.length === 0) {
    const isAllKnown = Object.values(parts).every((part) => part !== null);
    return isAllKnown ? <p className="mb-6 text-13 text-quiet">Nothing needs attention.</p> : null;
  }
  return (
    <section aria-label="Needs attention" className="mb-6 border-l-2 border-danger pl-3 text-13">
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

function findAttentionItems({
  measures,
  queues,
  jobs,
}: Pick<Overview, "measures" | "queues" | "jobs">): AttentionItem[] {
  const stalled = (jobs ?? []).filter(({ state }) => state === "stalled").length;
  return [
    ...(queues ?? [])
      .filter(({ dead }) => dead > 0)
      .map(({ name, dead }) => ({ to: QUEUES_ID, what: `${pluralize(dead, "dead letter")}: ${queueName(name)}` })),
    ...(measures?.functions ?? []).flatMap((row) => [
      ...(row.failures > 0
        ? [{ to: FUNCTIONS_ID, what: `${functionName(row.name)}: ${formatFailures(row)} failed` }]
        : []),
      ...(row.throttles > 0
        ? [{ to: FUNCTIONS_ID, what: `${functionName(row.name)}: ${formatCount(row.throttles)} throttled` }]
        : []),
    ]),
    ...(stalled > 0 ? [{ to: IN_PROGRESS_ID, what: `${pluralize(stalled, "job")} with a lost worker` }] : []),
  ];
}

const pluralize = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
