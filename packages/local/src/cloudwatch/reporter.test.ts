import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, expect, it } from "vitest";
import { CLOUD_KEY_VARIABLE } from "../credentials";
import { Reporter } from "./reporter";
import type { Sample } from "./series";

process.env[CLOUD_KEY_VARIABLE] = "a key for tests only";

let server: Server | undefined;
afterEach(() => server?.close());

/** A CloudWatch that answers with these statuses in turn, and what it was told. */
async function listening(...statuses: number[]): Promise<{ url: string; told: Sample[][] }> {
  const told: Sample[][] = [];
  server = createServer(async (request, response) => {
    told.push((await json(request)) as Sample[]);
    response.writeHead(statuses.shift() ?? 200).end("{}");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

const named = (samples: Sample[]) => samples.map(({ name, value }) => `${name} ${value}`);

it("sends the metrics of several invocations together", async () => {
  const { url, told } = await listening();
  const reporter = new Reporter(url);
  reporter.invoked("works", { isFailure: false, durationMs: 12.4 });
  reporter.invoked("fails", { isFailure: true, durationMs: 3 });
  await expect.poll(() => told.length).toBe(1);
  expect(named(told[0] ?? [])).toEqual([
    ...["Invocations 1", "Errors 0", "Throttles 0", "Duration 12"],
    ...["Invocations 1", "Errors 1", "Throttles 0", "Duration 3"],
  ]);
});

it("keeps metrics that could not be sent, and sends them with the next", async () => {
  const { url, told } = await listening(500);
  const reporter = new Reporter(url);
  reporter.measure("AWS/Lambda", { FunctionName: "one" }, { Errors: 1 });
  await reporter.send();
  reporter.measure("AWS/Lambda", { FunctionName: "one" }, { Errors: 2 });
  await reporter.send();
  expect(told.map(named)).toEqual([["Errors 1"], ["Errors 1", "Errors 2"]]);
});

it("sends nothing without CloudWatch", async () => {
  const reporter = new Reporter(undefined);
  reporter.invoked("works", { isFailure: false, durationMs: 1 });
  await expect(reporter.send()).resolves.toBeUndefined();
});
