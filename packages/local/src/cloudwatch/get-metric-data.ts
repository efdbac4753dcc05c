/** GetMetricData: metrics by name, without the expressions that AWS can compute over them. */
import * as v from "valibot";
import { invalid } from "./errors";
import { type Measured, type Statistic, statisticOf } from "./series";

const MOST_QUERIES = 500;
const MINUTE_S = 60;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_024));
const query = v.object({
  Id: v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z0-9_]{0,254}$/)),
  Label: v.optional(v.string()),
  ReturnData: v.optional(v.boolean(), true),
  MetricStat: v.object({
    Metric: v.object({
      Namespace: text,
      MetricName: text,
      Dimensions: v.optional(v.array(v.object({ Name: text, Value: text })), []),
    }),
    Period: v.pipe(v.number(), v.integer(), v.minValue(MINUTE_S), v.multipleOf(MINUTE_S)),
    Stat: v.string(),
  }),
});
const request = v.object({
  MetricDataQueries: v.pipe(v.array(query), v.minLength(1), v.maxLength(MOST_QUERIES)),
  StartTime: v.number(),
  EndTime: v.number(),
  ScanBy: v.optional(v.picklist(["TimestampAscending", "TimestampDescending"]), "TimestampDescending"),
});

type Query = v.InferOutput<typeof query>;

/** @throws {CloudWatchError} */
export function getMetricData(measured: Measured, body: unknown): object {
  const { issues, output } = v.safeParse(request, body);
  if (issues) throw invalid(`${v.getDotPath(issues[0]) ?? "The request"}: ${issues[0].message}`);
  const { MetricDataQueries, StartTime, EndTime, ScanBy } = output as v.InferOutput<typeof request>;
  if (StartTime >= EndTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  if (new Set(MetricDataQueries.map(({ Id }) => Id)).size < MetricDataQueries.length)
    throw invalid("The values for parameter id in MetricDataQueries must be unique.");
  // AWS rounds the start down to the whole minute.
  const from = (StartTime - (StartTime % MINUTE_S)) * 1_000;
  const result = (each: Query) => {
    const { Metric, Period, Stat } = each.MetricStat;
    const name = {
      namespace: Metric.Namespace,
      name: Metric.MetricName,
      dimensions: Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
    };
    const found = measured.read(name, known(Stat), Period * 1_000, from, EndTime * 1_000);
    if (ScanBy === "TimestampDescending") found.reverse();
    return {
      Id: each.Id,
      Label: each.Label ?? Metric.MetricName,
      Timestamps: found.map(({ atMs }) => atMs / 1_000),
      Values: found.map(({ value }) => value),
      StatusCode: "Complete",
    };
  };
  return {
    MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData).map(result),
    Messages: [],
  };
}

function known(name: string): Statistic {
  const statistic = statisticOf(name);
  if (!statistic) throw invalid(`The statistic ${name} is not known on the laptop.`);
  return statistic;
}
