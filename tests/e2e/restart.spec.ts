/** Work in progress when the product ended resumes at once, without waiting for its lease to expire. */
import { expect, test } from "@playwright/test";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { type ModelServer, startModelServer } from "../support/model-server";
import {
  answerFromNow,
  beginWork,
  createSession,
  fetchReply,
  REPLY_SO_FAR,
  untilItEnds,
  untilItGoesOn,
} from "../support/work-under-way";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";

let dataDir: string;
let model: ModelServer;
let product: RunningProduct;

test.beforeEach(async () => {
  test.slow();
  dataDir = newDataDir();
  model = await startModelServer();
  product = await startProduct({ dataDir, env: model.env("openai") });
});
test.afterEach(async () => {
  await product.stop();
  await model.stop();
  removeDataDir(dataDir);
});

for (const [way, end] of [
  ["Ctrl-C", "stop"],
  ["kill -9", "kill"],
] as const) {
  test(`after ${way} reviews resume, and a reply is shown as interrupted and can be continued`, async () => {
    const work = await beginWork(product.url, model);
    await product[end]();
    answerFromNow(model);
    const epochMs = Date.now();
    product = await startProduct({ dataDir, env: model.env("openai") });
    await untilItGoesOn(product.url, model, work, { epochMs, servingMs: performance.now() });
    expect(await untilItEnds(product.url, work)).toBe(`${REPLY_SO_FAR}two numbers.`);
  });
}

test("a question without a follower gets its reply without waiting for the sweep", async () => {
  answerFromNow(model);
  const sessionId = await createSession(product.url, { "a.ts": "export const a = 1;\n" });
  const threadId = newThreadId();
  const act = { intent: "open-thread", threadId, messageId: newMessageId(), path: "a.ts", text: "What is it?" };
  const headers = { origin: product.url, "content-type": "application/json" };
  await fetch(`${product.url}/sessions/${sessionId}/conversation`, {
    method: "POST",
    headers,
    body: JSON.stringify(act),
  });
  const status = async () => (await fetchReply(product.url, { sessionId, threadId }))?.reply?.status;
  await expect.poll(status).toBe("done");
  expect(model.requests).toHaveLength(1);
});
