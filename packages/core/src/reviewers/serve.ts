/** Serves the reviewer's work in a worker: one piece at a time, typing before jobs between two checks. */
import { getHeapStatistics } from "node:v8";
import type { MessagePort } from "node:worker_threads";
import { findDuplication } from "./duplication";
import { collectEvidence, compose, type Step, verifyFixes } from "./fix-verification";
import { highlight } from "./highlight";
import { type Inspector, limitReport } from "./inspect";
import { locate } from "./locate";
import type { Reply, Request, Results, Work } from "./messages";
import { repeatsOfMerge } from "./repeats";

export function serveReviews(port: MessagePort, inspector: Inspector): void {
  const typing: Request[] = [];
  const jobs: Request[] = [];
  let isBusy = false;
  const reply = (message: Reply) => port.postMessage(message);

  port.on("message", (request: Request) => {
    (request.priority === "typing" ? typing : jobs).push(request);
    if (!isBusy) void workThrough();
  });

  async function workThrough(): Promise<void> {
    isBusy = true;
    for (let next = typing.shift() ?? jobs.shift(); next; next = typing.shift() ?? jobs.shift()) await handle(next);
    isBusy = false;
  }

  async function handle({ id, work, priority }: Request): Promise<void> {
    const step: Step = async () => {
      if (priority === "job") {
        await new Promise((resolve) => setImmediate(resolve));
        for (let urgent = typing.shift(); urgent; urgent = typing.shift()) await handle(urgent);
      }
      reply({ id, state: "step" });
    };
    try {
      const language = languageOf(work);
      if (language) await inspector.prepare(language);
      const result = await perform(inspector, work, step);
      // An engine that broke may be left broken: the next file gets a new one.
      reply({ id, state: "done", result, memoryMb: inspector.isBroken ? Number.POSITIVE_INFINITY : memoryMb() });
    } catch (error) {
      reply({ id, state: "failed", message: failureReason(error) });
    }
  }
}

async function perform(inspector: Inspector, work: Work, step: Step): Promise<Results[keyof Results]> {
  switch (work.kind) {
    case "check":
      await step();
      return limitReport(await inspector.inspect(work.file, { fixes: true }));
    case "prove":
      return verifyFixes(inspector, work.file, work.report, step);
    case "compose":
      return compose(inspector, work.file, work.changes, step);
    case "evidence":
      return collectEvidence(inspector, work.before, work.after, step);
    case "repeats":
      await step();
      return repeatsOfMerge(work.file);
    case "highlight":
      await step();
      return highlight(work.text, work.language);
    case "duplication":
      await step();
      return findDuplication(work.files);
    case "locate":
      await step();
      return locate(work.file, work.ranges);
  }
}

/** Why an engine gave up on a file, for a person to read. */
function failureReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /call stack/i.test(message) ? "nested too deeply to be checked" : `the checker failed on it: ${message}`;
}

/** Loads what the work needs before its deadline begins to run. */
function languageOf(work: Work): string | undefined {
  if (work.kind === "highlight" || work.kind === "duplication" || work.kind === "repeats") return undefined;
  return work.kind === "evidence" ? work.after.language : work.file.language;
}

/** This thread's share: its heap and, as external memory, the WebAssembly engines. `process.memoryUsage` takes 20 times as long. */
function memoryMb(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return (total_heap_size + external_memory) / (1024 * 1024);
}
