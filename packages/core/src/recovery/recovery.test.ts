import { afterEach, describe, expect, it } from "vitest";
import { ask, getReply, readReplyEvents, withModel } from "../../../../tests/support/conversation";
import { pasteSession, reviewVersion, withProduct } from "../../../../tests/support/product";
import { claimReply } from "../../../../tests/support/replies";
import { handBackWork } from "../jobs/index";
import { EventLogWriter } from "../platform/event-log";
import { continueReply } from "../replies/index";
import { replyWork } from "../replies/internal";
import { latestModelReview, latestReview, requestModelReview } from "../review/index";
import { modelReviewWork, reviewWork } from "../review/internal";
import { runModelReview } from "../review/model/run";
import { newModelReviewId } from "../review/schema";
import { setReviewerForTests } from "../reviewer-client/index";
import type { Reviewer } from "../reviewers/index";
import type { Session } from "../sessions/schema";
import type { ReplyEvent } from "../threads/schema";
import { getQuota } from "../usage/index";
import { reserveCall } from "../usage/internal";
import { releaseLeases } from "./index";

const product = withProduct();
const model = withModel();
afterEach(() => {
  delete process.env.REDLINE_INSTANCE;
});

/** Does it as a process of this id that then dies. */
async function inProcess<T>(instance: string, act: () => Promise<T>): Promise<T> {
  process.env.REDLINE_INSTANCE = instance;
  try {
    return await act();
  } finally {
    delete process.env.REDLINE_INSTANCE;
  }
}

/** Indexes are late here: it is asked again until something was released. */
const untilReleased = (release: () => Promise<number>) => expect.poll(release).toBeGreaterThanOrEqual(1);

const statusOf = async ({ id }: Session) => (await latestReview(product.actor, { sessionId: id }))?.status;

const claim = (key: { sessionId: string; id: string }, { creatorId }: Session) => {
  const fields = { version: 1, userId: creatorId, startedAt: new Date().toISOString(), v: 1 };
  return reviewWork.items.claim(key, { isNew: true, from: [] }, fields);
};

/** A review of version 1 that its worker has taken. */
async function taken(instance: string): Promise<Session> {
  const session = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
  const { reviewId } = await import("../review/ids");
  const key = { sessionId: session.id, id: reviewId(session.id, 1) };
  await inProcess(instance, () => claim(key, session));
  return session;
}

describe("the leases of a process that died", () => {
  it("are released for a built-in review, and a living process keeps its own", async () => {
    const [dead, living] = [await taken("dead"), await taken("living")];
    await untilReleased(() => reviewWork.release({ instance: "dead" }));
    expect([await statusOf(dead), await statusOf(living)]).toEqual(["queued", "running"]);
    await reviewVersion(dead, 1);
    expect(await statusOf(dead)).toBe("done");
    await reviewVersion(living, 1);
    expect(await statusOf(living)).toBe("running");
  });

  it("are released for a model review, which resumes where it ended, also with a single file", async () => {
    const session = await pasteSession(product.actor, { "a.ts": "export const x = 1;\n" });
    const { id } = await requestModelReview(product.actor, {
      ...{ sessionId: session.id, id: newModelReviewId(), scope: { kind: "session" } },
    });
    const job = { kind: "model-review", sessionId: session.id, reviewId: id, userId: session.creatorId } as const;
    await inProcess("dead", () => modelReviewWork.items.claim({ sessionId: session.id, id }, { from: ["queued"] }));
    await runModelReview(job);
    expect((await latestModelReview(product.actor, { sessionId: session.id }))?.status).toBe("running");
    await untilReleased(() => modelReviewWork.release({ instance: "dead" }));
    model.server.answer({ toolCalls: [{ name: "finish_review", input: { summary: "Fine.", confidence: "high" } }] });
    await runModelReview(job);
    const done = await latestModelReview(product.actor, { sessionId: session.id });
    expect(done).toMatchObject({ status: "done", steps: [{ state: "covered" }] });
  });

  it("are released for a reply, which is interrupted with its text so far and can be continued", async () => {
    const pending = await ask(product.actor, await pasteSession(product.actor, { "a.ts": "let x = 1;\n" }));
    await inProcess("dead", () => claimReply(pending.at));
    const writer = new EventLogWriter<ReplyEvent>(pending.logId);
    writer.append({ type: "text", text: "It sets x." });
    await writer.flush();
    expect(await replyWork.release({ instance: "living" })).toBe(0);
    await untilReleased(() => replyWork.release({ instance: "dead" }));
    expect(await getReply(product.actor, pending)).toMatchObject({
      text: "It sets x.",
      reply: { status: "interrupted" },
    });
    model.server.answer({ text: " To 1." });
    await readReplyEvents(product.actor, (await continueReply(product.actor, pending.at)).logId);
    expect(await getReply(product.actor, pending)).toMatchObject({
      text: "It sets x. To 1.",
      reply: { status: "done" },
    });
  });
});

describe("when every process is known to be dead", () => {
  it("leases without a holder are released too, and unsettled calls are marked", async () => {
    const session = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const { reviewId } = await import("../review/ids");
    const key = { sessionId: session.id, id: reviewId(session.id, 1) };
    await claim(key, session);
    const teamId = product.actor.personalTeamId;
    const facts = { teamId, task: "reply", about: { kind: "test" }, promptVersion: "reply/1", model: "m" } as const;
    await reserveCall(product.actor, { ...facts, tokens: 1_000 });
    const unknown = async () => {
      await releaseLeases("all");
      return [await statusOf(session), (await getQuota(product.actor, { teamId })).unknownTokens];
    };
    await expect.poll(unknown).toEqual(["queued", 1_000]);
  });
});

describe("a process that is asked to exit", () => {
  it("requeues a built-in review, which resumes in the next, and stores nothing more of it", async () => {
    const session = await pasteSession(product.actor, { "a.ts": "debugger;\n", "b.ts": "debugger;\n" });
    const reviewer: Reviewer = product.reviewer;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let reach = () => {};
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const plain = { ...reviewer, highlight: async () => [] };
    setReviewerForTests({
      ...plain,
      check: async (...args) => {
        reach();
        await held;
        return reviewer.check(...args);
      },
    });
    const first = reviewVersion(session, 1, { again: true });
    await reached;
    await handBackWork();
    expect(await statusOf(session)).toBe("queued");
    setReviewerForTests(plain);
    await reviewVersion(session, 1);
    const done = await latestReview(product.actor, { sessionId: session.id });
    letGo();
    await first;
    expect(await latestReview(product.actor, { sessionId: session.id })).toEqual(done);
    expect(done).toMatchObject({ status: "done", new: 2 });
  });

  it("requeues a model review with its usage, and the attempts of its file stay counted", async () => {
    // Two more files, so that the budget holds four calls that are cut short.
    const files = ["a.ts", "b.ts", "c.ts"].map((path) => [path, "export const x = 1;\n"]);
    const session = await pasteSession(product.actor, Object.fromEntries(files));
    await reviewVersion(session, 1);
    const { id } = await requestModelReview(product.actor, {
      ...{ sessionId: session.id, id: newModelReviewId(), scope: { kind: "session" } },
    });
    const job = { kind: "model-review", sessionId: session.id, reviewId: id, userId: session.creatorId } as const;
    for (let time = 1; time <= 4; time++) {
      const reached = new Promise<void>((resolve) => {
        model.server.script(() => {
          resolve();
          return { text: "Well", fault: { kind: "silent", after: 1 } };
        });
      });
      const run = runModelReview(job);
      expect(await Promise.race([reached.then(() => "asked"), run.then(() => "ended")])).toBe("asked");
      await handBackWork();
      await run;
      expect((await latestModelReview(product.actor, { sessionId: session.id }))?.status).toBe("queued");
    }
    const finish = { name: "finish_review", input: { summary: "Fine.", confidence: "high" } };
    model.server.script(() => ({ toolCalls: [finish] }));
    await runModelReview(job);
    const done = await latestModelReview(product.actor, { sessionId: session.id });
    expect(done).toMatchObject({ status: "done", steps: files.map(() => ({ state: "covered" })) });
    expect(model.server.calls).toHaveLength(4 + files.length);
  });
});
