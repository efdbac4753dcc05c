import type { Page } from "@playwright/test";
import { FAULTS, type ScriptedAnswer, startModelServer } from "../support/model-server";
import { CART } from "./support/cart";
import {
  askAbout,
  bar,
  composer,
  lastReply,
  messages,
  ORDERS,
  openOrders,
  openThread,
  proposing,
  selectLines,
} from "./support/conversation";
import { newDataDir, removeDataDir, startProduct } from "./support/product";
import { reviewed, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { expect as expectPlain, test as plain } from "./support/test";
import { expect, expectAccessible, modelEnv, photograph, testWithModel } from "./support/with-model";

const speaking = { protocol: "bedrock", silentSeconds: 2 } as const;
const test = testWithModel(speaking);
const ask = (page: Page) => askAbout(page, "let total = 0", "return total", "What is this?");
const end = (page: Page) => lastReply(page).locator(".reply-end");

/** Each fault: what the person reads, the words that are kept, what can be done. */
const SEEN: Record<string, { script: ScriptedAnswer; says: RegExp; kept?: string; acts: string[] }> = {
  "a model that throttles": { script: FAULTS.throttled, says: /is throttling us.*try again/i, acts: ["Try again"] },
  "a silent model": { script: FAULTS.silent, says: /took longer than 2 s/, acts: ["Try again"] },
  "a model that falls silent": {
    script: FAULTS.silentAfterText,
    says: /took longer than 2 s/,
    kept: "It starts",
    acts: ["Continue", "Try again"],
  },
  "a connection that is cut": {
    script: FAULTS.cut,
    says: /ended before the answer did/,
    kept: "This answer",
    acts: ["Continue", "Try again"],
  },
  "an end that nobody announced": {
    script: FAULTS.silentEnd,
    says: /ended|end/i,
    kept: "This answer",
    acts: ["Continue", "Try again"],
  },
  "bytes of no protocol": {
    script: FAULTS.garbage,
    says: /\w+/,
    kept: "What follows",
    acts: ["Continue", "Try again"],
  },
  "tool calls that cannot be read": {
    script: FAULTS.malformedTool,
    says: /could not be read, three times/,
    kept: "Here.",
    acts: ["Continue", "Try again"],
  },
  "a model that declines": { script: FAULTS.refusal, says: /declined/, kept: "I cannot help with that.", acts: [] },
  "an answer that is too long": {
    script: FAULTS.overLong,
    says: /maximum length reached/,
    kept: "goes on and on",
    acts: ["Continue"],
  },
};

for (const [name, { script, says, kept, acts }] of Object.entries(SEEN)) {
  test(`${name} is reported, its text is kept, and the reply can be continued`, async ({ page, model }) => {
    await openOrders(page);
    model.script(() => script);
    await ask(page);
    await expect(end(page)).toContainText(says);
    if (kept) await expect(lastReply(page)).toContainText(kept);
    await expect(end(page).getByRole("button")).toHaveText(acts);
    const go = acts[0];
    if (!go) return;
    model.script(() => ({ text: "Now it is whole." }));
    await end(page).getByRole("button", { name: go }).click();
    await expect(lastReply(page)).toContainText("Now it is whole.");
    await expect(end(page)).toHaveCount(0);
    if (kept && go === "Continue") await expect(lastReply(page)).toContainText(kept);
  });
}

test("a suggestion that does not apply is repaired once, then shown as text to copy", async ({ page, model }) => {
  await openOrders(page);
  const wrong = proposing("orders.ts", ORDERS.replaceAll("total", "sum"), [
    { from: 4, to: 8, replacement: "  return 0;" },
  ]);
  model.script(() => ({ text: "So.", toolCalls: [wrong] }));
  await ask(page);
  const proposal = openThread(page).locator(".proposal");
  await expect(proposal).toContainText("This suggestion doesn't apply");
  await expect(proposal.locator("pre")).toContainText("return 0;");
  await expect(proposal.getByRole("button", { name: "Copy the suggested code" })).toBeVisible();
  await expect(proposal.getByRole("button", { name: "Accept" })).toHaveCount(0);
  await photograph(page, "conversation-refused");
});

test("a server that exits leaves the reply interrupted, and the next one continues it", async ({ browser }) => {
  // A server that was killed leaves its lease to expire, and the page to retry.
  const dataDir = newDataDir();
  const server = await startModelServer({});
  const env = modelEnv(server, speaking);
  let product = await startProduct({ dataDir, env });
  const context = await browser.newContext({ baseURL: product.url });
  try {
    const page = await context.newPage();
    await openOrders(page);
    server.answer({ text: "word ".repeat(300), chunkChars: 5, delayMs: 80 });
    await ask(page);
    await expect(lastReply(page)).toContainText("word word word");
    await product.stop();
    product = await startProduct({ dataDir, env, port: Number(new URL(product.url).port) });
    await expect(end(page)).toContainText("Interrupted", { timeout: 150_000 });
    await expect(lastReply(page)).toContainText("word word word");
    server.answer({ text: " and on it goes." });
    await end(page).getByRole("button", { name: "Continue" }).click();
    await expect(lastReply(page)).toContainText("and on it goes.");
  } finally {
    await context.close();
    await product.stop();
    await server.stop();
    removeDataDir(dataDir);
  }
});

plain(
  "without a model a note is kept, and the built-in reviewer explains and fixes what it found",
  async ({ page }) => {
    await page.goto("/rules");
    const id = await makeSession(page, "Cart", { "cart.ts": CART });
    await page.goto(`/sessions/${id}`);
    await reviewed(page);
    // The worst finding is open, and has no fix.
    await page
      .locator("article.finding")
      .getByRole("link", { name: /debugger/ })
      .click();
    await page.locator("article.finding[data-selected]").getByRole("button", { name: "Explain" }).click();
    await expectPlain(lastReply(page).locator(".message-head")).toContainText("Built-in reviewer");
    await expectPlain(lastReply(page)).toContainText("Instead of");
    await expectPlain(openThread(page).getByText("No model is connected")).toBeVisible();
    await composer(page).fill("We agreed to keep it.");
    await openThread(page).getByRole("button", { name: "Add note" }).click();
    await expectPlain(messages(page)).toHaveCount(3);
    await expectAccessible(page);
    await photograph(page, "conversation-builtin");
    await selectLines(page, "items: {");
    await expectPlain(bar(page).getByRole("button", { name: "Refactor" })).toHaveAttribute("aria-disabled", "true");
    await openThread(page).locator(".proposal").getByRole("button", { name: "Accept" }).click();
    await expectPlain(version(page)).toContainText("v2");
  },
);
