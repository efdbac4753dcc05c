import type { DayUsage } from "@redline/core/usage/schema";
import { ChevronRight } from "lucide-react";
import { Cell, HeadCell, Table } from "../ui/table";
import { formatCount } from "./cost";
import { taskName } from "./names";
import { totalCost } from "./totals";

const NUMBER = "text-right tabular-nums whitespace-nowrap";

/** The numbers that the charts draw: each day and purpose, newest first. */
export function DayTable({ days }: { days: DayUsage[] }) {
  return (
    <details className="group">
      <summary className="inline-flex h-8 items-center gap-1 rounded-md pr-2 text-13 font-medium hover:bg-hover">
        <ChevronRight size={16} aria-hidden="true" className="group-open:rotate-90" />
        Numbers by day
      </summary>
      <Table caption="Tokens and cost by day and purpose" className="mt-1">
        <thead>
          <tr>
            <HeadCell>Day (UTC)</HeadCell>
            <HeadCell>Purpose</HeadCell>
            <HeadCell className={NUMBER}>Calls</HeadCell>
            <HeadCell className={NUMBER}>In</HeadCell>
            <HeadCell className={`hidden sm:table-cell ${NUMBER}`}>Cached</HeadCell>
            <HeadCell className={NUMBER}>Out</HeadCell>
            <HeadCell className={NUMBER}>Cost</HeadCell>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((row) => (
            <tr key={`${row.day} ${row.task}`}>
              <Cell className="whitespace-nowrap tabular-nums">{row.day}</Cell>
              <Cell>{taskName(row.task)}</Cell>
              <Cell className={NUMBER}>{formatCount(row.calls)}</Cell>
              <Cell className={NUMBER}>{formatCount(row.inputTokens)}</Cell>
              <Cell className={`hidden sm:table-cell ${NUMBER}`}>{formatCount(row.cachedTokens)}</Cell>
              <Cell className={NUMBER}>{formatCount(row.outputTokens)}</Cell>
              <Cell className={NUMBER}>{totalCost(row)}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}
