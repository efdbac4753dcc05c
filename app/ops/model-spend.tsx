import type { Overview } from "@redline/core/ops/schema";
import { Link } from "@remix-run/react";
import { Cell, HeadCell, NUMBER, Table } from "../ui/table";
import { formatCost, formatCount } from "../usage/cost";

type Spending = NonNullable<Overview["spending"]>;
type Row = Spending["models"][number];

/** Shows today's calls, failures and cost by model. */
export function ModelSpend({ spending: { models, isPartial } }: { spending: Spending }) {
  if (models.length === 0) return <p className="text-13 text-quiet">No model calls today (UTC).</p>;
  return (
    <>
      <Table caption="Model calls today">
        <thead>
          <tr>
            <HeadCell>Model</HeadCell>
            <HeadCell className={NUMBER}>Calls</HeadCell>
            <HeadCell className={NUMBER}>Failed</HeadCell>
            <HeadCell className={`hidden sm:table-cell ${NUMBER}`}>In progress</HeadCell>
            <HeadCell className={`hidden sm:table-cell ${NUMBER}`}>Tokens</HeadCell>
            <HeadCell className={NUMBER}>Cost</HeadCell>
          </tr>
        </thead>
        <tbody>
          {models.map((row) => (
            <tr key={row.model}>
              <Cell className="font-medium break-all">{row.model}</Cell>
              <Cell className={NUMBER}>{formatCount(row.calls)}</Cell>
              <Cell className={NUMBER}>{failures(row)}</Cell>
              <Cell className={`hidden sm:table-cell ${NUMBER}`}>{formatCount(row.underWay)}</Cell>
              <Cell className={`hidden sm:table-cell ${NUMBER}`}>{formatCount(row.tokens)}</Cell>
              <Cell className={NUMBER}>{cost(row)}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="mt-2 text-12 text-quiet">
        {isPartial && `Counts the newest ${formatCount(sum(models))} calls; there were more. `}
        By UTC day of the call's start.{" "}
        <Link to="/settings/usage" className="underline underline-offset-2">
          All calls and other days
        </Link>
      </p>
    </>
  );
}

const sum = (models: Row[]) => models.reduce((calls, row) => calls + row.calls, 0);

function failures({ failed, calls, underWay, unknown }: Row): string {
  const ended = calls - underWay;
  const bad = failed + unknown;
  return bad === 0 ? "0" : `${formatCount(bad)} (${Math.round((bad / ended) * 100)}%)`;
}

function cost({ costMicroUsd, unpriced }: Row): string {
  if (unpriced === 0) return formatCost(costMicroUsd);
  return costMicroUsd === 0 ? "not priced" : `${formatCost(costMicroUsd)} and more`;
}
