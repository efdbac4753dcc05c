import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { FileReport } from "./schema";
import { ReviewWorkerClient } from "./worker-client";

/**
 * A worker that speaks the reviewer's protocol and does what the file's text says, so that the thread's side can be
 * tested without the engines: `spin` never comes back, `die` ends the worker, `fail` breaks an engine, `wait` takes a
 * moment, `fat` has grown, anything else is done. Reports carry the worker's number of files done as their metrics.
 */
const worker = `
import { parentPort } from "node:worker_threads";
let done = 0;
parentPort.on("message", async ({ id, work }) => {
  parentPort.postMessage({ id, state: "step" });
  const { path, text } = work.file;
  if (text === "spin") for (;;);
  if (text === "die") process.exit(1);
  if (text === "fail") return parentPort.postMessage({ id, state: "failed", message: "unreachable" });
  if (text === "wait") await new Promise((resolve) => setTimeout(resolve, 100));
  done++;
  const result = { path, coverage: { path, state: "covered" }, problems: [], metrics: { lines: done } };
  parentPort.postMessage({ id, state: "done", result, memoryMb: text === "fat" ? 1000 : 1 });
});
`;

const folder = mkdtempSync(join(tmpdir(), "redline-thread-"));
const workerPath = join(folder, "worker.mjs");
writeFileSync(workerPath, worker);
const open: ReviewWorkerClient[] = [];

function start(path = workerPath): ReviewWorkerClient {
  const thread = new ReviewWorkerClient(pathToFileURL(path));
  open.push(thread);
  return thread;
}

function check(thread: ReviewWorkerClient, text: string, options: Parameters<ReviewWorkerClient["perform"]>[1] = {}) {
  return thread.perform({ kind: "check", file: { path: text, text, language: "text" } }, options);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((thread) => thread.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

const filesDone = (report: FileReport) => report.metrics.lines;

describe("the reviewer's thread", () => {
  it("handles requests in order and reuses its worker", async () => {
    const thread = start();
    const reports = await Promise.all([check(thread, "a"), check(thread, "b"), check(thread, "c")]);
    expect(reports.map(filesDone)).toEqual([1, 2, 3]);
  });

  it("terminates a worker at the deadline, and a new one does the rest", async () => {
    const thread = start();
    const spinning = check(thread, "spin");
    const next = check(thread, "next");
    await expect(spinning).rejects.toThrow("took longer than 5 s");
    expect(filesDone(await next)).toBe(1);
  });

  it.each(["die", "fail"])("survives a file on which the worker must %s", async (text) => {
    const thread = start();
    expect(filesDone(await check(thread, "before"))).toBe(1);
    const broken = check(thread, text);
    const next = check(thread, "next");
    await expect(broken).rejects.toThrow(text === "die" ? "it ended" : "unreachable");
    expect(filesDone(await next)).toBe(1);
  });

  it("reports that the worker cannot be started", async () => {
    const missing = start(join(folder, "missing.mjs"));
    await expect(check(missing, "a")).rejects.toThrow(/did not start/);
  });

  it("runs an interactive check before waiting jobs", async () => {
    const thread = start();
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      check(thread, "wait").then(note("running job")),
      check(thread, "job").then(note("waiting job")),
      check(thread, "typing", { priority: "typing" }).then(note("typing")),
    ]);
    expect(order.indexOf("typing")).toBeLessThan(order.indexOf("waiting job"));
  });

  it("drops waiting work that is cancelled, and throws away the result of running work", async () => {
    const thread = start();
    const controllers = [new AbortController(), new AbortController()];
    const running = check(thread, "wait", { signal: controllers[0]?.signal });
    const waiting = check(thread, "waiting", { signal: controllers[1]?.signal });
    for (const controller of controllers) controller.abort();
    await expect(running).rejects.toThrow(/abort/i);
    await expect(waiting).rejects.toThrow(/abort/i);
    expect(filesDone(await check(thread, "next"))).toBe(2);
    await expect(check(thread, "late", { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it("replaces a worker that has grown, and one that has served 200 files", async () => {
    const thread = start();
    await check(thread, "fat");
    expect(filesDone(await check(thread, "after"))).toBe(1);
    const reports = await Promise.all(Array.from({ length: 250 }, (_, index) => check(thread, `file ${index}`)));
    expect(Math.max(...reports.map(filesDone))).toBe(200);
  });

  it("rejects requests in progress when it is closed, and all later ones", async () => {
    const thread = start();
    const running = check(thread, "wait");
    const closing = thread.close();
    await expect(running).rejects.toThrow(/closed/);
    await closing;
    await expect(check(thread, "late")).rejects.toThrow(/closed/);
  });
});
