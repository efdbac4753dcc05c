/** What was under way when all of it was killed goes on at once: nobody waits for a lease that only time releases. */
import { expect, test } from "@playwright/test";
import { startModelServer } from "../support/model-server";
import { answerFromNow, beginWork, REPLY_SO_FAR, untilItEnds, untilItGoesOn } from "../support/work-under-way";
import { newDataDir, removeDataDir, startProduct } from "./support/product";

test("after kill -9 of everything, reviews go on and a reply is shown as interrupted and can be continued", async () => {
  test.slow();
  const dataDir = newDataDir();
  const model = await startModelServer();
  const env = model.env("openai");
  let product = await startProduct({ dataDir, env });
  try {
    const work = await beginWork(product.url, model);
    await product.kill();
    answerFromNow(model);
    const epochMs = Date.now();
    product = await startProduct({ dataDir, env });
    await untilItGoesOn(product.url, model, work, { epochMs, servingMs: performance.now() });
    expect(await untilItEnds(product.url, work)).toBe(`${REPLY_SO_FAR}two numbers.`);
  } finally {
    await product.stop();
    await model.stop();
    removeDataDir(dataDir);
  }
});
