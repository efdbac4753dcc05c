import type { DayUsage } from "@redline/core/usage/schema";
import { Cell, HeadCell, Table } from "../ui/table";
import { formatCount } from "./cost";
import { taskName } from "./names";
import { byTask, sumOf, tokensOf } from "./sums";
import { totalCost } from "./totals";

const NUMBER = "text-right tabular-nums whitespace-nowrap";

/** What each purpose used of the range, the most first. */
export function PurposeTable({ days }: { days: DayUsage[] }) {
  const all = Math.max(tokensOf(sumOf(days)), 1);
  return (
    <section aria-labelledby="purposes" className="mb-4">
      <h2 id="purposes" className="mb-1 text-16 font-semibold">
        By purpose
      </h2>
      <Table caption="Tokens and cost by purpose">
        <thead>
          <tr>
            <HeadCell>Purpose</HeadCell>
            <HeadCell className="hidden w-1/3 sm:table-cell">Share of tokens</HeadCell>
            <HeadCell className={NUMBER}>Calls</HeadCell>
            <HeadCell className={NUMBER}>In</HeadCell>
            <HeadCell className={`hidden sm:table-cell ${NUMBER}`}>Cached</HeadCell>
            <HeadCell className={NUMBER}>Out</HeadCell>
            <HeadCell className={NUMBER}>Cost</HeadCell>
          </tr>
        </thead>
        <tbody>
          {byTask(days).map((row) => {
            const share = (tokensOf(row) / all) * 100;
            return (
              <tr key={row.task}>
                <Cell className="font-medium">{taskName(row.task)}</Cell>
                <Cell className="hidden sm:table-cell">
                  <div className="flex items-center gap-2">
                    <span className="w-10 text-right text-12 text-quiet tabular-nums">{Math.round(share)}%</span>
                    <span className="h-2 min-w-px bg-edge" style={{ width: `${share * 0.8}%` }} />
                  </div>
                </Cell>
                <Cell className={NUMBER}>{formatCount(row.calls)}</Cell>
                <Cell className={NUMBER}>{formatCount(row.inputTokens)}</Cell>
                <Cell className={`hidden sm:table-cell ${NUMBER}`}>{formatCount(row.cachedTokens)}</Cell>
                <Cell className={NUMBER}>{formatCount(row.outputTokens)}</Cell>
                <Cell className={NUMBER}>{totalCost(row)}</Cell>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </section>
  );
}
