/// <reference path="../.sst/platform/config.d.ts" />
import { logRetention, seconds } from "./policy";

type Plan = { timeoutSeconds: number; memory: `${number} MB` | `${number} GB`; reserved?: number };

/** What every function of ours is: one runtime, traced, its logs kept briefly, its money bounded where it could run away. */
export const plannedFunction = ({ timeoutSeconds, memory, reserved }: Plan) => ({
  runtime: "nodejs22.x" as const,
  architecture: "arm64" as const,
  timeout: seconds(timeoutSeconds),
  memory,
  ...(reserved !== undefined && { concurrency: { reserved } }),
  logging: { retention: logRetention($app.stage), format: "json" as const },
  // X-Ray has no resources to name.
  permissions: [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }],
  environment: { REDLINE_STAGE: $app.stage },
  transform: {
    function: (args: { tracingConfig?: unknown }): undefined => {
      args.tracingConfig = { mode: "Active" };
    },
  },
});
