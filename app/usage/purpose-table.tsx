import type { DayUsage } from "@redline/core/usage/schema";
import { Cell, HeadCell, Table } from "../ui/table";
import { taskName } from "./names";
import { NumberCells, NumberHeads } from "./number-cells";
import { byTask, sumOf, tokensOf } from "./sums";

/** Shows usage by purpose, highest first. */
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
            <NumberHeads />
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
                <NumberCells row={row} />
              </tr>
            );
          })}
        </tbody>
      </Table>
    </section>
  );
}
