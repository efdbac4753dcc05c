/** Counts the fixed-cost resources of the synthesized production stage. */
import { METRICS } from "@redline/core/platform/metric-names";
import { synthesise } from "../../infra/synth.mjs";

export type Standing = {
  alarmMetrics: number;
  /** Metrics of the product itself, none of which has dimensions. */
  ownMetrics: number;
  dashboards: number;
  aclRules: number;
  acls: number;
  polledQueues: number;
};

type Query = { metric?: unknown };

export async function standing(): Promise<Standing> {
  // Only its plan is wanted; what is in its bundles does not matter here.
  process.env.REDLINE_SKIP_BUILD = "1";
  const secrets = { SigningKey: "a".repeat(64), OperatorSecret: "b".repeat(32) };
  const { resources } = await synthesise({ stage: "production", secrets });
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const acls = all("aws:wafv2/webAcl:WebAcl");
  return {
    alarmMetrics: all("aws:cloudwatch/metricAlarm:MetricAlarm").reduce(
      (sum, { inputs }) => sum + metricsOf(inputs.metricQueries ?? []),
      0,
    ),
    ownMetrics: Object.keys(METRICS).length,
    dashboards: all("aws:cloudwatch/dashboard:Dashboard").length,
    acls: acls.length,
    aclRules: acls.reduce((sum, { inputs }) => sum + inputs.rules.length, 0),
    polledQueues: all("aws:lambda/eventSourceMapping:EventSourceMapping").filter(({ inputs }) =>
      String(inputs.eventSourceArn).includes(":sqs:"),
    ).length,
  };
}

/** Metric math is billed for each metric it is made of. */
const metricsOf = (queries: Query[]) => Math.max(1, queries.filter(({ metric }) => metric).length);
