import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { withProduct } from "../../../../tests/support/product";
import { logIdOf, requestSixSteps, type SixStepsContext, sixSteps } from "../../../../tests/support/six-steps";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { sqs } from "../platform/clients";
import { readLog } from "../platform/event-log";
import { resources } from "../platform/resources";

const product = withProduct();
const plain = sixSteps({});
const stored = (job: { sessionId: string; id: string }) => plain.items.read(job);
const lastEvent = async ({ id }: { id: string }) => (await readLog(logIdOf(id))).at(-1);
afterEach(() => {
  vi.restoreAllMocks();
  product.cloud.setFaults(LATE_READS);
});

/** A promise, and what resolves it. */
function signal(): { reached: Promise<void>; reach: () => void } {
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}

const later = (seconds: number) => {
  const now = Date.now();
  return vi.spyOn(Date, "now").mockImplementation(() => now + seconds * 1_000);
};

describe("work", () => {
  it("is done once, however often its job is delivered, with an event for each step", async () => {
    const job = await requestSixSteps();
    const steps: number[] = [];
    const work = sixSteps({ during: async (_id, step) => void steps.push(step) });
    await Promise.all([work.perform(job), work.perform(job)]);
    await work.perform(job);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await stored(job)).toMatchObject({ status: "done", epoch: 1, finishedAt: expect.any(String) });
    expect((await readLog(logIdOf(job.id))).map(({ event }) => event)).toEqual([
      ...steps.map((step) => ({ type: "step", step })),
      { type: "done", sum: 21 },
    ]);
  });

  it("resumes after its last stored step in another worker, when its lease has expired", async () => {
    const job = await requestSixSteps();
    const { reached, reach } = signal();
    const dying = sixSteps({
      during: async (_id, step) => {
        if (step < 4) return;
        reach();
        await new Promise(() => undefined);
      },
    });
    void dying.perform(job);
    await reached;
    const steps: number[] = [];
    const resuming = sixSteps({ during: async (_id, step) => void steps.push(step) });
    await resuming.perform(job);
    expect(steps).toEqual([]);
    later(LIMITS.lease.seconds + 2);
    await resuming.perform(job);
    expect(steps).toEqual([4, 5, 6]);
    expect(await stored(job)).toMatchObject({ status: "done", epoch: 2 });
  });

  it("that another worker claimed is fenced: the first one can neither store nor end it", async () => {
    const job = await requestSixSteps();
    const held = signal();
    const goOn = signal();
    const slow = sixSteps({
      during: async (_id, step) => {
        if (step !== 3) return;
        held.reach();
        await goOn.reached;
      },
    });
    const late = slow.perform(job);
    await held.reached;
    later(LIMITS.lease.seconds + 2);
    await plain.perform(job);
    const done = await stored(job);
    const log = await readLog(logIdOf(job.id));
    goOn.reach();
    await late;
    expect(done).toMatchObject({ status: "done", epoch: 2 });
    expect([await stored(job), await readLog(logIdOf(job.id))]).toEqual([done, log]);
  });

  it("stops within two seconds when it is cancelled, and keeps what is done", async () => {
    const job = await requestSixSteps();
    const { reached, reach } = signal();
    const work = sixSteps({
      between: async (_id, step, { signal: stop }: SixStepsContext) => {
        if (step !== 3) return;
        reach();
        await new Promise((resolve) => stop.addEventListener("abort", resolve));
      },
    });
    const performed = work.perform(job);
    await reached;
    expect(await work.items.cancel(job)).toBe("requested");
    await performed;
    expect(await stored(job)).toMatchObject({ status: "cancelled", memo: { 1: 1, 2: 2 } });
    expect(await lastEvent(job)).toMatchObject({ last: true, event: { type: "done", sum: 3 } });
  });

  it("sees a cancellation at once in this process, and with the next poll in another", async () => {
    const job = await requestSixSteps();
    const held = await plain.items.claim(job, { from: ["queued"] });
    const heard = vi.fn();
    const listenNoMore = plain.items.onCancel(job, heard);
    expect(await plain.items.cancel(job)).toBe("requested");
    expect(heard).toHaveBeenCalledTimes(1);
    expect(await stored(job)).toMatchObject({ status: "running", epoch: held?.epoch, isCancelRequested: true });
    listenNoMore();
    await plain.items.cancel(job);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("that was never claimed is cancelled at once, and its job is a no-op", async () => {
    const job = await requestSixSteps();
    expect(await plain.items.cancel(job)).toBe("ended");
    expect(await plain.items.cancel(job)).toBeUndefined();
    await plain.perform(job);
    expect(await stored(job)).toMatchObject({ status: "cancelled" });
    expect(await readLog(logIdOf(job.id))).toEqual([]);
  });

  it("ends with its events when the response to its last write comes after several heartbeats", async () => {
    const job = await requestSixSteps();
    const end = plain.items.end.bind(plain.items);
    vi.spyOn(plain.items, "end").mockImplementation(async (...of) => {
      const finishedAt = await end(...of);
      await new Promise((resolve) => setTimeout(resolve, 3 * LIMITS.work.cancelPollMs));
      return finishedAt;
    });
    await plain.perform(job);
    expect(await stored(job)).toMatchObject({ status: "done", epoch: 1 });
    expect((await lastEvent(job))?.event).toEqual({ type: "done", sum: 21 });
  });

  it("is requeued near its worker's timeout, and continues in the next", async () => {
    const job = await requestSixSteps();
    await plain.perform(job, { remainingMs: -1 });
    expect(await stored(job)).toMatchObject({ status: "queued", attempts: 0 });
    await plain.perform(job);
    expect(await stored(job)).toMatchObject({ status: "done", epoch: 2 });
  });

  it("is requeued when its process ends, which stores nothing more of it", async () => {
    const job = await requestSixSteps();
    const held = signal();
    const goOn = signal();
    const work = sixSteps({
      during: async (_id, step) => {
        if (step !== 2) return;
        held.reach();
        await goOn.reached;
      },
    });
    const performed = work.perform(job);
    await held.reached;
    await work.handBack();
    expect(await stored(job)).toMatchObject({ status: "queued", memo: { 1: 1 } });
    goOn.reach();
    await performed;
    expect(await stored(job)).toMatchObject({ status: "queued", memo: { 1: 1 } });
  });
});

describe("work that fails", () => {
  it("fails at once with an AppError's message, and never with that of another error", async () => {
    const [refused, broken] = [await requestSixSteps(), await requestSixSteps()];
    const failing = (error: Error) =>
      sixSteps({
        during: async () => {
          throw error;
        },
      });
    await failing(new AppError("FILE_NOT_FOUND", "There is no such file.")).perform(refused);
    await failing(new TypeError("const secret = 1")).perform(broken);
    expect(await stored(refused)).toMatchObject({ status: "failed", failure: "There is no such file." });
    expect(await lastEvent(refused)).toMatchObject({ last: true, event: { message: "There is no such file." } });
    expect(await stored(broken)).toMatchObject({ failure: "It stopped because of a fault on our end." });
  });

  it("is retried after an internal error as often as its kind allows, and resumes where it was", async () => {
    const job = await requestSixSteps();
    let tries = 0;
    const work = sixSteps(
      {
        during: async (_id, step) => {
          if (step !== 3) return;
          tries += 1;
          if (tries < 3) throw new Error("busy");
        },
      },
      { retries: 2 },
    );
    for (let time = 1; time <= 3; time += 1) await work.perform(job);
    expect([tries, await stored(job)]).toEqual([3, expect.objectContaining({ status: "done", epoch: 3 })]);
  });

  it("ends after as many workers as its kind allows have died of it", async () => {
    const job = await requestSixSteps();
    const work = sixSteps({}, { maxAttempts: 3 });
    for (let time = 1; time <= 3; time += 1) {
      expect(await work.items.claim(job, { from: ["queued"] })).toMatchObject({ attempts: time });
      later(time * (LIMITS.lease.seconds + 2));
    }
    await work.perform(job);
    expect(await stored(job)).toMatchObject({
      status: "failed",
      failure: "It stopped because of a fault on our end.",
    });
  });

  it("is done once when responses to its writes are lost", async () => {
    const work = sixSteps({}, { retries: 20 });
    for (let time = 0; time < 10; time += 1) {
      const job = await requestSixSteps();
      const rules = [
        { kind: "drop" as const, probability: 0.3, service: "dynamodb" as const, operation: "UpdateItem" },
      ];
      product.cloud.setFaults({ ...LATE_READS, seed: time + 1, rules });
      const statusAfterAnother = async () => {
        await work.perform(job).catch(() => undefined);
        return (await stored(job))?.status;
      };
      await expect.poll(statusAfterAnother).toBe("done");
      product.cloud.setFaults(LATE_READS);
      expect((await readLog(logIdOf(job.id))).filter(({ last }) => last)).toMatchObject([
        { event: { type: "done", sum: 21 } },
      ]);
    }
  });
});

describe("work whose worker died", () => {
  it("is requeued by the sweep, listed as running until then, and released at once when its worker is known to be dead", async () => {
    const [job, other] = [await requestSixSteps(), await requestSixSteps()];
    vi.stubEnv("REDLINE_INSTANCE", "dead");
    await plain.items.claim(job, { from: ["queued"] });
    vi.stubEnv("REDLINE_INSTANCE", "living");
    await plain.items.claim(other, { from: ["queued"] });
    vi.unstubAllEnvs();
    await expect
      .poll(async () => (await plain.listRunning()).map(({ id }) => id))
      .toEqual(expect.arrayContaining([job.id, other.id]));
    expect(await plain.sweep()).toBe(0);
    await expect.poll(() => plain.release({ instance: "dead" })).toBe(1);
    expect([await stored(job), await stored(other)]).toMatchObject([{ status: "queued" }, { status: "running" }]);
    later(LIMITS.lease.seconds + 2);
    await expect.poll(() => plain.sweep()).toBeGreaterThanOrEqual(1);
    const QueueUrl = resources.ReviewQueue.url;
    const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages.map(({ Body = "" }) => JSON.parse(Body))).toContainEqual(
      expect.objectContaining({ kind: "six-steps", ...other }),
    );
  });
});
