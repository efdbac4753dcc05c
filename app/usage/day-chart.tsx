import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { formatCost, formatCount } from "./cost";
import type { Sums } from "./sums";

type Day = Sums & { day: string };

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const dayName = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const dayLabel = (day: string) => dayName.format(new Date(`${day}T00:00:00Z`));

/** A bar chart by day, in a module of its own because the chart library is large. */
export default function DayChart({ data, kind }: { data: Day[]; kind: "tokens" | "cost" }) {
  const axis = { stroke: "var(--quiet)", tick: { fontSize: 12, fill: "var(--quiet)" }, tickLine: false };
  const bar = { isAnimationActive: false, maxBarSize: 28 };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={data} accessibilityLayer={false} margin={{ top: 4, right: 0, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--rule)" />
        <XAxis dataKey="day" tickFormatter={dayLabel} minTickGap={24} {...axis} axisLine={{ stroke: "var(--rule)" }} />
        <YAxis
          width={kind === "cost" ? 68 : 52}
          axisLine={false}
          {...axis}
          tickFormatter={(value: number) => (kind === "cost" ? formatCost(value) : compact.format(value))}
        />
        <Tooltip cursor={{ fill: "var(--hover)" }} content={ChartTooltip} isAnimationActive={false} />
        {kind === "tokens" ? (
          <>
            <Bar dataKey="inputTokens" stackId="tokens" fill="var(--edge)" {...bar} />
            <Bar dataKey="outputTokens" stackId="tokens" fill="var(--ink)" {...bar} />
          </>
        ) : (
          <Bar dataKey="costMicroUsd" fill="var(--ink)" {...bar} />
        )}
      </BarChart>
    </ResponsiveContainer>
  );
}

function ChartTooltip({ active, payload }: TooltipContentProps) {
  const day = payload?.[0]?.payload as Day | undefined;
  if (!active || !day) return null;
  return (
    <div className="rounded-md border border-rule bg-paper px-2.5 py-1.5 text-12 shadow-sm">
      <p className="font-medium">{dayLabel(day.day)}</p>
      <p>
        {formatCount(day.inputTokens)} in · {formatCount(day.outputTokens)} out
      </p>
      <p>
        {formatCount(day.calls)} {day.calls === 1 ? "call" : "calls"} · {formatCost(day.costMicroUsd)}
      </p>
    </div>
  );
}
