import type { Overview } from "@redline/core/ops/schema";
import { Badge } from "../ui/badge";
import { Cell, HeadCell, NUMBER, Table } from "../ui/table";
import { formatCount } from "../usage/cost";
import { functionName } from "./names";
import { Sparkline } from "./sparkline";

type FunctionMetrics = NonNullable<Overview["measures"]>;
type Row = FunctionMetrics["functions"][number];

const WIDE = "hidden sm:table-cell";

/** Shows each function's calls, failures and latency in the last hour. */
export function Functions({ functions }: { functions: Row[] }) {
  return (
    <>
      <Table caption="Functions in the last hour">
        <thead>
          <tr>
            <HeadCell>Function</HeadCell>
            <HeadCell className={NUMBER}>Calls</HeadCell>
            <HeadCell className={NUMBER}>Failed</HeadCell>
            <HeadCell className={`${WIDE} ${NUMBER}`}>Throttled</HeadCell>
            <HeadCell className={`${WIDE} ${NUMBER}`}>p95</HeadCell>
            <HeadCell className={`${WIDE} ${NUMBER}`}>Longest</HeadCell>
            <HeadCell className="w-28 text-right">Last hour</HeadCell>
          </tr>
        </thead>
        <tbody>
          {functions.map((row) => (
            <tr key={row.name}>
              <Cell className="font-medium">{functionName(row.name)}</Cell>
              <Cell className={NUMBER}>{formatCount(row.calls)}</Cell>
              <Cell className={NUMBER}>
                {row.failures > 0 ? <Badge tone="removed">{formatFailures(row)}</Badge> : "0"}
                {row.throttles > 0 && (
                  <div className="text-12 text-removed sm:hidden">{formatCount(row.throttles)} throttled</div>
                )}
              </Cell>
              <Cell className={`${WIDE} ${NUMBER}`}>
                {row.throttles > 0 ? <Badge tone="removed">{formatCount(row.throttles)}</Badge> : "0"}
              </Cell>
              <Cell className={`${WIDE} ${NUMBER}`}>{formatLatency(row.p95Ms)}</Cell>
              <Cell className={`${WIDE} ${NUMBER}`}>{formatLatency(row.longestMs)}</Cell>
              <Cell className="text-right">
                <Sparkline periods={row.periods} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="mt-2 text-12 text-quiet">
        For pages and streams, a failure is a 5xx response; for jobs, a run that has to be retried. p95 is the slowest
        five-minute period's. A stream stays open while someone reads.
      </p>
    </>
  );
}

/** Formats a failure count with its share of the calls. */
export function formatFailures({ failures, calls }: Row): string {
  if (calls === 0) return formatCount(failures);
  const percent = (failures / calls) * 100;
  return `${formatCount(failures)} (${percent < 1 ? "under 1" : Math.round(percent)}%)`;
}

/** Formats a duration in milliseconds; a dash for null. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
