/** GetMetricData as AWS documents it, and what stands behind it on the laptop. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { MEASURED_PATH, type Sample } from "@redline/local/cloudwatch/series";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localClient, tellMeasured } from "../support/cloud";
import { LambdaTarget } from "../support/lambda-target";

const MINUTE_MS = 60_000;
const PERIOD_S = 300;
/** Two whole periods and the one under way. */
const now = Date.now();
const start = now - (now % (PERIOD_S * 1_000)) - 2 * PERIOD_S * 1_000;

let target: LambdaTarget;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  target = await LambdaTarget.start();
  cloudwatch = new CloudWatchClient(localClient(target.cloud.endpoints.cloudwatch));
});

afterAll(async () => {
  cloudwatch.destroy();
  await target.close();
});

const FUNCTION = "measured-function";

function measured(samples: (Partial<Sample> & Pick<Sample, "value" | "atMs">)[]): Promise<unknown> {
  const about = { namespace: "AWS/Lambda", name: "Duration", dimensions: { FunctionName: FUNCTION } };
  const all = samples.map((sample) => ({ ...about, ...sample }));
  return tellMeasured(target.cloud, all);
}

function ask(
  Stat: string,
  { name = "Duration", of = FUNCTION, id = "asked", period = PERIOD_S } = {},
): MetricDataQuery {
  const Dimensions = [{ Name: "FunctionName", Value: of }];
  const Metric = { Namespace: "AWS/Lambda", MetricName: name, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: period, Stat } };
}

const read = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
  cloudwatch.send(
    new GetMetricDataCommand({
      ...{ MetricDataQueries, StartTime: new Date(start), EndTime: new Date(now + MINUTE_MS) },
      ...more,
    }),
  );

describe("GetMetricData", () => {
  beforeAll(async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => ({ value: at + 1, atMs: start + (at % 5) * MINUTE_MS }));
    await measured([...hundred, { value: 7, atMs: start + 2 * PERIOD_S * 1_000 }]);
  });

  it.each([
    ["Sum", 5_050],
    ["Average", 50.5],
    ["Minimum", 1],
    ["Maximum", 100],
    ["SampleCount", 100],
    ["p95", 95],
    ["p99.5", 100],
    ["p50", 50],
  ])("gives %s of each period", async (stat, first) => {
    const { MetricDataResults = [] } = await read([ask(stat)], { ScanBy: "TimestampAscending" });
    expect(MetricDataResults[0]?.Values?.[0]).toBe(first);
  });

  it("leaves out periods without a value, and gives the newest first unless told otherwise", async () => {
    const times = [start + 2 * PERIOD_S * 1_000, start].map((at) => new Date(at));
    const { MetricDataResults, Messages, NextToken } = await read([ask("SampleCount")]);
    expect(MetricDataResults).toEqual([
      { Id: "asked", Label: "Duration", Timestamps: times, Values: [1, 100], StatusCode: "Complete" },
    ]);
    expect([Messages ?? [], NextToken]).toEqual([[], undefined]);
    const ascending = await read([ask("SampleCount")], { ScanBy: "TimestampAscending" });
    expect(ascending.MetricDataResults?.[0]?.Timestamps).toEqual(times.toReversed());
  });

  it("returns each query in its own period, and nothing for an unknown metric", async () => {
    const { MetricDataResults = [] } = await read([
      ask("SampleCount", { id: "minutes", period: 60 }),
      ask("Sum", { id: "nothing", of: "no-such-function" }),
      { ...ask("Sum", { id: "hidden" }), ReturnData: false },
    ]);
    expect(MetricDataResults.map(({ Id, Values }) => [Id, Values])).toEqual([
      ["minutes", [1, 20, 20, 20, 20, 20]],
      ["nothing", []],
    ]);
  });

  it("rounds the start down to its minute and leaves out what is at the end", async () => {
    const { MetricDataResults } = await read([ask("SampleCount", { period: 60 })], {
      ...{ StartTime: new Date(start + 59_000), EndTime: new Date(start + MINUTE_MS) },
    });
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([new Date(start)]);
  });

  it.each<[string, Partial<GetMetricDataCommandInput>]>([
    ["a period that is no whole minute", { MetricDataQueries: [ask("Sum", { period: 90 })] }],
    ["a statistic that there is not", { MetricDataQueries: [ask("Median")] }],
    ["an id that is none", { MetricDataQueries: [ask("Sum", { id: "Capital" })] }],
    ["two queries of one id", { MetricDataQueries: [ask("Sum"), ask("Average")] }],
    ["no query", { MetricDataQueries: [] }],
    ["an end that is not after the start", { EndTime: new Date(start) }],
  ])("refuses %s", async (_, more) => {
    await expect(read([ask("Sum")], more)).rejects.toMatchObject({ name: expect.stringMatching(/^Validation/) });
  });

  it("serves a request that the fault mode throttled on retry", async () => {
    target.cloud.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 0.5, service: "cloudwatch" }] });
    const { MetricDataResults } = await read([ask("Maximum")]).finally(() => target.cloud.setFaults(undefined));
    expect(MetricDataResults?.[0]?.Values).toEqual([7, 100]);
  });
});

describe("the laptop's own", () => {
  it("refuses unsigned requests, web pages and unknown operations", async () => {
    const url = target.cloud.endpoints.cloudwatch;
    const foreign = new CloudWatchClient({
      ...localClient(url),
      credentials: { accessKeyId: "AKIAREAL", secretAccessKey: "secret" },
    });
    await expect(foreign.send(new GetMetricDataCommand({ ...neverRead, MetricDataQueries: [] }))).rejects.toMatchObject(
      {
        name: "AccessDeniedException",
      },
    );
    foreign.destroy();
    const page = await fetch(url + MEASURED_PATH, { method: "POST", headers: { origin: url }, body: "[]" });
    expect(page.status).toBe(403);
    const unknown = cloudwatch.send(new PutMetricDataCommand({ Namespace: "Redline", MetricData: [] }));
    await expect(unknown).rejects.toThrow("PutMetricData is not supported on the laptop.");
  });

  it("keeps no value from before the last hours, nor from the future", async () => {
    const of = { name: "Errors" };
    await measured([
      { ...of, value: 1, atMs: now - 4 * 60 * MINUTE_MS },
      { ...of, value: 1, atMs: now + 10 * MINUTE_MS },
    ]);
    const { MetricDataResults } = await read([ask("Sum", of)], {
      ...{ StartTime: new Date(now - 24 * 60 * MINUTE_MS), EndTime: new Date(now + 60 * MINUTE_MS) },
    });
    expect(MetricDataResults?.[0]?.Values).toEqual([]);
  });

  it("counts every invocation of a function, which of them failed, and how long they took", async () => {
    await target.renew();
    await target.work({
      fails: async () => {
        throw new Error("on purpose");
      },
      works: async () => "done",
    });
    const invoke = (FunctionName: string) => target.lambda.send(new InvokeCommand({ FunctionName }));
    for (const name of ["fails", "fails", "works"]) await invoke(name);
    const sums = async (of: string) => {
      const names = ["Invocations", "Errors", "Throttles"];
      const { MetricDataResults = [] } = await read([
        ...names.map((name) => ask("Sum", { name, of, id: name.toLowerCase() })),
        ask("SampleCount", { of, id: "durations" }),
      ]);
      return MetricDataResults.map(({ Values = [] }) => Values.reduce((all, value) => all + value, 0));
    };
    await expect.poll(() => sums("fails")).toEqual([2, 2, 0, 2]);
    await expect.poll(() => sums("works")).toEqual([1, 0, 0, 1]);
  });

  it("measures the age of each queue's oldest message", async () => {
    await target.renew();
    await target.send("waits");
    const Metric = {
      ...{ Namespace: "AWS/SQS", MetricName: "ApproximateAgeOfOldestMessage" },
      Dimensions: [{ Name: "QueueName", Value: target.queue }],
    };
    const oldest = async () => {
      const query = { Id: "age", MetricStat: { Metric, Period: 60, Stat: "Maximum" } };
      const { MetricDataResults } = await read([query], { EndTime: new Date(Date.now() + MINUTE_MS) });
      return MetricDataResults?.[0]?.Values?.[0] ?? -1;
    };
    await expect.poll(oldest, { interval: 200 }).toBeGreaterThan(0);
  });
});

const neverRead = { StartTime: new Date(start), EndTime: new Date(now) };
