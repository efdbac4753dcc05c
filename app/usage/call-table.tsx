import type { Call, CallStatus } from "@redline/core/usage/schema";
import { Link, useSearchParams } from "@remix-run/react";
import { Badge } from "../ui/badge";
import { ButtonLink } from "../ui/button";
import { classNames } from "../ui/class-names";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, NUMBER, Table } from "../ui/table";
import { formatCost, formatCount, formatDuration } from "./cost";
import { modelName, purposeLink, purposeName, statusName } from "./names";

const WIDE = "hidden md:table-cell";

type CallTableProps = { calls: Call[]; isFiltered: boolean; mayHaveMore: boolean };

/** Lists model calls, newest first; two lines per row on narrow screens. */
export function CallTable({ calls, isFiltered, mayHaveMore }: CallTableProps) {
  if (calls.length === 0) {
    const where = mayHaveMore
      ? "among the newest; there may be older ones"
      : isFiltered
        ? "for this filter"
        : "in this period";
    return <p className="border-y border-rule py-6 text-13 text-quiet">No matching calls {where}.</p>;
  }
  return (
    <Table caption="Model calls">
      <thead>
        <tr>
          <HeadCell className={WIDE}>When</HeadCell>
          <HeadCell className="w-full md:w-auto">Purpose</HeadCell>
          <HeadCell className={WIDE}>Model</HeadCell>
          <HeadCell className={classNames(WIDE, NUMBER)}>In</HeadCell>
          <HeadCell className={classNames(WIDE, NUMBER)}>Cached</HeadCell>
          <HeadCell className={classNames(WIDE, NUMBER)}>Out</HeadCell>
          <HeadCell className={classNames("md:hidden", NUMBER)}>Tokens</HeadCell>
          <HeadCell className={NUMBER}>Cost</HeadCell>
          <HeadCell className={classNames(WIDE, NUMBER)}>First token</HeadCell>
          <HeadCell className={classNames(WIDE, NUMBER)}>Total</HeadCell>
          <HeadCell className={WIDE}>Status</HeadCell>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <CallRow key={call.id} call={call} />
        ))}
      </tbody>
    </Table>
  );
}

function CallRow({ call }: { call: Call }) {
  const { startedAt, model, promptVersion, inputTokens, outputTokens, cachedTokens, estimated, status } = call;
  const about = estimated ? "≈ " : "";
  const isOpen = status === "reserved" || status === "unknown";
  const tokens = (count: number) => (isOpen ? "–" : `${about}${formatCount(count)}`);
  const held = `${formatCount(call.reservedTokens)} reserved`;
  return (
    <tr>
      <Cell className={classNames(WIDE, "text-quiet")}>
        <RelativeTime at={startedAt} />
      </Cell>
      <Cell className="max-w-0 md:max-w-none">
        <Purpose call={call} />
        <div className="truncate text-12 text-quiet md:hidden">
          <RelativeTime at={startedAt} /> · {statusName(status).toLowerCase()}
        </div>
        <div className="truncate text-12 text-quiet md:hidden">{modelName(model)}</div>
      </Cell>
      <Cell className={classNames(WIDE, "max-w-48")}>
        <div className="truncate" title={model}>
          {modelName(model)}
        </div>
        <div className="truncate text-12 text-quiet">{promptVersion}</div>
      </Cell>
      <Cell className={classNames(WIDE, NUMBER)}>{isOpen ? <span title={held}>–</span> : tokens(inputTokens)}</Cell>
      <Cell className={classNames(WIDE, NUMBER)}>{tokens(cachedTokens)}</Cell>
      <Cell className={classNames(WIDE, NUMBER)}>{tokens(outputTokens)}</Cell>
      <Cell className={classNames("md:hidden", NUMBER)}>{isOpen ? held : tokens(inputTokens + outputTokens)}</Cell>
      <Cell className={NUMBER}>{isOpen ? "–" : formatCost(call.costMicroUsd)}</Cell>
      <Cell className={classNames(WIDE, NUMBER)}>{duration(call.firstTokenMs)}</Cell>
      <Cell className={classNames(WIDE, NUMBER)}>{duration(call.totalMs)}</Cell>
      <Cell className={WIDE}>
        <StatusBadge status={status} />
      </Cell>
    </tr>
  );
}

const duration = (ms: number | undefined) => (ms === undefined ? "–" : formatDuration(ms));

function Purpose({ call }: { call: Call }) {
  const to = purposeLink(call);
  const name = purposeName(call);
  return to ? (
    <Link to={to} className="link">
      {name}
    </Link>
  ) : (
    name
  );
}

const TONES: Partial<Record<CallStatus, "removed" | "warn" | "plain">> = {
  failed: "removed",
  truncated: "warn",
  unknown: "warn",
  cancelled: "plain",
  reserved: "plain",
};

function StatusBadge({ status }: { status: CallStatus }) {
  const tone = TONES[status];
  return tone ? (
    <Badge tone={tone}>{statusName(status)}</Badge>
  ) : (
    <span className="text-quiet">{statusName(status)}</span>
  );
}

/** Links between the pages of the list. */
export function CallPages({ nextCursor, isFirst }: { nextCursor?: string; isFirst: boolean }) {
  const [query] = useSearchParams();
  if (!nextCursor && isFirst) return null;
  const at = (cursor?: string) => {
    const next = new URLSearchParams(query);
    next.delete("cursor");
    if (cursor) next.set("cursor", cursor);
    return `?${next}`;
  };
  return (
    <nav aria-label="Pages" className="mt-4 flex gap-2">
      {!isFirst && <ButtonLink to={at()}>Newest</ButtonLink>}
      {nextCursor && <ButtonLink to={at(nextCursor)}>Older</ButtonLink>}
    </nav>
  );
}
