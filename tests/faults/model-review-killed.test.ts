import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { LIMITS } from "@redline/core/limits";
import { readLog } from "@redline/core/platform/event-log";
import { latestModelReview, listFindings, requestModelReview } from "@redline/core/review/index";
import { runModelReview } from "@redline/core/review/internal";
import { type ModelReviewEvent, modelReviewLogId, newModelReviewId } from "@redline/core/review/schema";
import { listCalls } from "@redline/core/usage/index";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withModel } from "../support/conversation";
import type { Call } from "../support/model-server/index";
import { pasteSession, reviewVersion, withProduct } from "../support/product";

const product = withProduct();
const model = withModel();
afterEach(() => vi.useRealTimers());

const WORKER = fileURLToPath(new URL("../support/model-review-worker.ts", import.meta.url));
const FILES = ["a.ts", "b.ts", "c.ts"];

const pathIn = (call: Call): string => /File: (\S+)/.exec(call.messages[0]?.text ?? "")?.[1] ?? "";

const answerFor = (path: string) => ({
  toolCalls: [
    {
      name: "report_finding",
      input: {
        ...{ path, start_line: 1, end_line: 1, severity: "minor", rule: "vague-name" },
        ...{ title: "The name says nothing", explanation: "Name what it is.", confidence: "medium" },
      },
    },
    { name: "finish_review", input: { summary: "One.", confidence: "high" } },
  ],
});

describe("a review by a model whose worker is killed", () => {
  it.each([1, 2, 3])(
    "at file %i resumes there: no stored file is reviewed again",
    async (at) => {
      const { actor } = product;
      const session = await pasteSession(
        actor,
        Object.fromEntries(FILES.map((path) => [path, "export const x = 1;\n"])),
      );
      await reviewVersion(session, 1);
      const { id: reviewId } = await requestModelReview(actor, {
        ...{ sessionId: session.id, id: newModelReviewId(), scope: { kind: "session" } },
      });
      const job = { kind: "model-review", sessionId: session.id, reviewId, userId: session.creatorId } as const;
      const reached = new Promise<void>((resolve) => {
        model.server.script((call) => {
          if (call.number < at) return answerFor(pathIn(call));
          resolve();
          return { fault: { kind: "silent" } };
        });
      });
      const worker = spawn(process.execPath, ["--import", "tsx", WORKER, JSON.stringify(job)], { stdio: "ignore" });
      await reached;
      worker.kill("SIGKILL");
      await once(worker, "exit");
      model.server.script((call) => answerFor(pathIn(call)));

      await runModelReview(job);
      expect(await latestModelReview(actor, { sessionId: session.id })).toMatchObject({ status: "running" });
      // Its lease has to run out first.
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + (LIMITS.lease.seconds + 2) * 1_000 });
      await Promise.all([runModelReview(job), runModelReview(job)]);

      const done = await latestModelReview(actor, { sessionId: session.id });
      expect(done).toMatchObject({ status: "done" });
      expect(done?.steps.map((step) => [step.state, step.new])).toEqual(FILES.map(() => ["covered", 1]));
      expect(model.server.calls.map(pathIn)).toEqual(
        FILES.flatMap((path, n) => (n + 1 === at ? [path, path] : [path])),
      );
      const findings = await listFindings(actor, { sessionId: session.id });
      expect(findings.filter(({ source }) => source === "model").map(({ path }) => path)).toEqual(FILES);
      const { calls } = await listCalls(actor, { teamId: session.teamId });
      const rows = calls.filter(({ about }) => about.kind === "review" && about.reviewId === reviewId);
      expect(rows).toHaveLength(model.server.calls.length);
      const log = await readLog<ModelReviewEvent>(modelReviewLogId(session.id, reviewId));
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
      expect(log.filter(({ last }) => last).map(({ event }) => event.type)).toEqual(["done"]);
    },
    120_000,
  );
});
