/// <reference path="../.sst/platform/config.d.ts" />
import { logLevels, logRetention, type Reserved, reservedIn, seconds } from "./policy";

type Plan = { timeoutSeconds: number; memory: `${number} MB` | `${number} GB`; reserved?: Reserved };

type Tracing = {
  /**
   * `follow`: as whoever called decided, and by itself where nobody did. `never`: what is called by the clock or the
   * table's stream has no request to belong to, and its log lines say the same.
   */
  tracing?: "follow" | "never";
};

/** What every function of ours is: one runtime, traced, its logs kept briefly, its money bounded where it could run away. */
export const plannedFunction = ({ timeoutSeconds, memory, reserved }: Plan, { tracing = "follow" }: Tracing = {}) => ({
  runtime: "nodejs22.x" as const,
  architecture: "arm64" as const,
  timeout: seconds(timeoutSeconds),
  memory,
  ...(reserved && { concurrency: { reserved: reservedIn($app.stage, reserved) } }),
  logging: { retention: logRetention($app.stage), format: "json" as const },
  permissions:
    tracing === "never"
      ? []
      : // X-Ray has no resources to name.
        [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }],
  environment: { REDLINE_STAGE: $app.stage },
  transform: {
    function: (args: { tracingConfig?: unknown; loggingConfig?: unknown }): undefined => {
      args.tracingConfig = { mode: tracing === "never" ? "PassThrough" : "Active" };
      // What SST makes of `logging` knows the format only.
      const config = $util.output(args.loggingConfig as object);
      args.loggingConfig = config.apply((known) => ({ ...known, ...logLevels($app.stage) }));
    },
  },
});

/** A function as operators know it: by a label that stays, and a name that CloudWatch has it under. */
export type Watched = {
  label: string;
  name: $util.Input<string>;
  logGroup: $util.Input<string>;
  timeoutSeconds: number;
};

export const watched = (label: string, made: $util.Input<sst.aws.Function>, timeoutSeconds: number): Watched => {
  const { name, loggingConfig } = functionOf(made);
  return { label, name, timeoutSeconds, logGroup: loggingConfig.apply((config) => config.logGroup) };
};

/** What a queue or a stream was subscribed with. */
export type Subscriber = { nodes: { function: $util.Output<sst.aws.Function> } };
export const subscribed = (made: $util.Input<Subscriber>) => $resolve(made).apply(({ nodes }) => nodes.function);

const functionOf = (made: $util.Input<sst.aws.Function>) => $resolve(made).apply(({ nodes }) => nodes.function);
