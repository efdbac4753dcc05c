import "./day-chart.css";
import { formatCost, formatCount } from "./cost";
import { scaleTop } from "./scale-top";
import { type Sums, tokensOf } from "./sums";

type Day = Sums & { day: string };

const TICKS = [4, 3, 2, 1, 0];
const MAX_LABELS = 6;

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const dayName = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const dayLabel = (day: string) => dayName.format(new Date(`${day}T00:00:00Z`));

/** A bar chart by day, drawn with the page: tokens out upon tokens in, or the cost. */
export function DayChart({ data, kind }: { data: readonly Day[]; kind: "tokens" | "cost" }) {
  const amountOf = (day: Day) => (kind === "cost" ? day.costMicroUsd : tokensOf(day));
  const scale = scaleTop(Math.max(...data.map(amountOf)), TICKS.length - 1);
  const height = (value: number) => ({ height: `${(value / scale) * 100}%` });
  const labelEvery = Math.ceil(data.length / MAX_LABELS);
  return (
    <div className="day-chart">
      <div className="day-chart-scale">
        {TICKS.map((tick) => {
          const value = (scale * tick) / (TICKS.length - 1);
          return <span key={tick}>{kind === "cost" ? formatCost(value) : compact.format(value)}</span>;
        })}
      </div>
      <div className="day-chart-bars">
        {data.map((day) => (
          <div key={day.day} className="day-chart-day" title={describeDay(day)}>
            {kind === "cost" ? (
              <i className="bg-ink" style={height(day.costMicroUsd)} />
            ) : (
              <>
                <i className="bg-ink" style={height(day.outputTokens)} />
                <i className="bg-edge" style={height(day.inputTokens)} />
              </>
            )}
          </div>
        ))}
      </div>
      <div className="day-chart-days">
        {data.map(({ day }, index) => (
          <span key={day}>{index % labelEvery === 0 && <span>{dayLabel(day)}</span>}</span>
        ))}
      </div>
    </div>
  );
}

function describeDay(day: Day): string {
  const { inputTokens, outputTokens, calls, costMicroUsd } = day;
  const tokens = `${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out`;
  return `${dayLabel(day.day)}: ${tokens}; ${formatCount(calls)} ${calls === 1 ? "call" : "calls"}, ${formatCost(costMicroUsd)}`;
}
