/** Billable quantities of an activity or of a month. */
import { POLICY } from "../../../stacks/policy";
import type { Metered } from "./meter";

export type FunctionName = "site" | "logs" | "review" | "check" | "changes" | "sweep" | "nightly";

export type ByFunction = Partial<Record<FunctionName, number>>;

export type Usage = {
  readUnits: number;
  writeUnits: number;
  s3Writes: number;
  s3Reads: number;
  s3BytesWritten: number;
  sqsRequests: number;
  calls: number;
  callsOf: ByFunction;
  gbSecondsOf: ByFunction;
  gbSeconds: number;
  requests: number;
  bytesOut: number;
  logBytes: number;
};

export const noUsage = (): Usage => ({
  ...{ readUnits: 0, writeUnits: 0, s3Writes: 0, s3Reads: 0, s3BytesWritten: 0, sqsRequests: 0 },
  ...{ calls: 0, callsOf: {}, gbSecondsOf: {}, gbSeconds: 0, requests: 0, bytesOut: 0, logBytes: 0 },
});

export function add(to: Usage, more: Usage, times = 1): Usage {
  const { callsOf, gbSecondsOf, ...numbers } = more;
  for (const [name, value] of Object.entries(numbers) as [keyof typeof numbers, number][]) to[name] += value * times;
  addEach(to.callsOf, callsOf, times);
  addEach(to.gbSecondsOf, gbSecondsOf, times);
  return to;
}

function addEach(to: ByFunction, more: ByFunction, times: number): void {
  for (const [name, value] of Object.entries(more) as [FunctionName, number][]) {
    to[name] = (to[name] ?? 0) + value * times;
  }
}

/** Assumptions for what is not measured, all of them conservative. */
export const ASSUMED = {
  /** Round trip from Lambda to DynamoDB, S3 or SQS. */
  waitMs: 5,
  /** Memory at which Lambda provides one full vCPU; with less, the same work takes longer. */
  wholeCpuMb: 1_769,
  /** Share of cold starts, and their billed duration. */
  coldShare: 0.01,
  coldMs: 2_000,
  /** CloudWatch's overhead per line. Lambda's system logs are omitted, except for errors. */
  logLineBytes: 26,
  /** From a write to the start of its review: stream and queue are polled in turn. */
  announceMs: 1_000,
} as const;

const { functions, queues } = POLICY;
const memoryOf = (name: FunctionName): number => {
  const memory = name === "review" ? queues.review.memory : functions[name].memory;
  const [amount = "", unit] = memory.split(" ");
  return Number(amount) * (unit === "GB" ? 1_024 : 1);
};

export type Measured = { cpuMs: number; wallMs: number; metered: Metered; logBytes: number };

/**
 * A call's usage, with the engines' that it waited for, and the time it takes there. Only streams are billed for the time
 * that passed here.
 */
export function usageOf(
  name: FunctionName,
  { cpuMs, wallMs, metered, logBytes }: Measured,
): { usage: Usage; workMs: number } {
  const { checks, waits, requests: _, ...counted } = metered;
  const work = cpuMs * Math.max(1, ASSUMED.wholeCpuMb / memoryOf(name)) + waits * ASSUMED.waitMs + checks.ms;
  const own = call(name, name === "logs" ? Math.max(work, wallMs) : work);
  const engines = call("check", checks.ms, checks.calls);
  const usage = { ...noUsage(), ...counted, logBytes };
  return { usage: add(add(usage, own), engines), workMs: work };
}

/** `ms` of all `count` calls together. */
export function call(name: FunctionName, ms: number, count = 1): Usage {
  const billedMs = ms + count * ASSUMED.coldShare * ASSUMED.coldMs;
  const gbSeconds = (billedMs / 1_000) * (memoryOf(name) / 1_024);
  return {
    ...noUsage(),
    calls: count,
    callsOf: { [name]: count },
    gbSeconds,
    gbSecondsOf: { [name]: gbSeconds },
  };
}
