/// <reference path="../.sst/platform/config.d.ts" />
import { logLevels, logRetention, type ReservedConcurrency, reservedConcurrency, seconds } from "./policy";

type FunctionPolicy = {
  timeoutSeconds: number;
  memory: `${number} MB` | `${number} GB`;
  reserved?: ReservedConcurrency;
};

type TracingOptions = {
  /**
   * `inherit`: follows the caller's sampling decision, or Lambda's own without one. `off`: schedules and the table's stream
   * have no request to belong to, and their logs already say the same.
   */
  tracing?: "inherit" | "off";
};

/** Returns what all functions share: runtime, tracing, log retention, and reserved concurrency where cost could run away. */
export const functionConfig = (
  { timeoutSeconds, memory, reserved }: FunctionPolicy,
  { tracing = "inherit" }: TracingOptions = {},
) => ({
  runtime: "nodejs22.x" as const,
  architecture: "arm64" as const,
  timeout: seconds(timeoutSeconds),
  memory,
  ...(reserved && { concurrency: { reserved: reservedConcurrency($app.stage, reserved) } }),
  logging: { retention: logRetention($app.stage), format: "json" as const },
  permissions:
    tracing === "off"
      ? []
      : // X-Ray has no resource-level permissions.
        [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }],
  environment: { REDLINE_STAGE: $app.stage },
  transform: {
    function: (args: { tracingConfig?: unknown; loggingConfig?: unknown }): undefined => {
      args.tracingConfig = { mode: tracing === "off" ? "PassThrough" : "Active" };
      // SST's `logging` option sets the format but not the log levels.
      const config = $util.output(args.loggingConfig as object);
      args.loggingConfig = config.apply((known) => ({ ...known, ...logLevels($app.stage) }));
    },
  },
});

/** A function on the dashboard and in alarms: its stable label and its CloudWatch names. */
export type MonitoredFunction = {
  label: string;
  name: $util.Input<string>;
  logGroup: $util.Input<string>;
  timeoutSeconds: number;
};

export const monitoredFunction = (
  label: string,
  component: $util.Input<sst.aws.Function>,
  timeoutSeconds: number,
): MonitoredFunction => {
  const { name, loggingConfig } = lambdaFunction(component);
  return { label, name, timeoutSeconds, logGroup: loggingConfig.apply((config) => config.logGroup) };
};

/** The component that SST returns for a subscriber of a queue or of a table's stream. */
export type Subscriber = { nodes: { function: $util.Output<sst.aws.Function> } };
export const subscriberFunction = (subscriber: $util.Input<Subscriber>) =>
  $resolve(subscriber).apply(({ nodes }) => nodes.function);

const lambdaFunction = (component: $util.Input<sst.aws.Function>) =>
  $resolve(component).apply(({ nodes }) => nodes.function);
