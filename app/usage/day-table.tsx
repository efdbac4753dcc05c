import type { DayUsage } from "@redline/core/usage/schema";
import { ChevronRight } from "lucide-react";
import { Cell, HeadCell, Table } from "../ui/table";
import { taskName } from "./names";
import { NumberCells, NumberHeads } from "./number-cells";

/** Lists each day's usage by purpose, newest first. */
export function DayTable({ days }: { days: DayUsage[] }) {
  return (
    <details className="group">
      <summary className="inline-flex h-8 items-center gap-1 rounded-md pr-2 text-13 font-medium hover:bg-hover">
        <ChevronRight size={16} aria-hidden="true" className="group-open:rotate-90" />
        Daily totals
      </summary>
      <Table caption="Tokens and cost by day and purpose" className="mt-1">
        <thead>
          <tr>
            <HeadCell>Day (UTC)</HeadCell>
            <HeadCell>Purpose</HeadCell>
            <NumberHeads />
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((row) => (
            <tr key={`${row.day} ${row.task}`}>
              <Cell className="whitespace-nowrap tabular-nums">{row.day}</Cell>
              <Cell>{taskName(row.task)}</Cell>
              <NumberCells row={row} />
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}
