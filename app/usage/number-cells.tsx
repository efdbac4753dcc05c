import { Cell, HeadCell, NUMBER } from "../ui/table";
import { formatCount } from "./cost";
import type { Sums } from "./sums";
import { totalCost } from "./totals";

const NUMBER_WHERE_WIDE = `hidden sm:table-cell ${NUMBER}`;

/** The header cells of `NumberCells`. */
export function NumberHeads() {
  return (
    <>
      <HeadCell className={NUMBER}>Calls</HeadCell>
      <HeadCell className={NUMBER}>In</HeadCell>
      <HeadCell className={NUMBER_WHERE_WIDE}>Cached</HeadCell>
      <HeadCell className={NUMBER}>Out</HeadCell>
      <HeadCell className={NUMBER}>Cost</HeadCell>
    </>
  );
}

/** A row's calls, tokens and cost. */
export function NumberCells({ row }: { row: Sums }) {
  return (
    <>
      <Cell className={NUMBER}>{formatCount(row.calls)}</Cell>
      <Cell className={NUMBER}>{formatCount(row.inputTokens)}</Cell>
      <Cell className={NUMBER_WHERE_WIDE}>{formatCount(row.cachedTokens)}</Cell>
      <Cell className={NUMBER}>{formatCount(row.outputTokens)}</Cell>
      <Cell className={NUMBER}>{totalCost(row)}</Cell>
    </>
  );
}
