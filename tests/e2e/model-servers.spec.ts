import type { Page } from "@playwright/test";
import { askAbout, lastReply, openOrders } from "./support/conversation";
import { expect, expectAccessible, photograph, testWithModel } from "./support/with-model";

const test = testWithModel({ protocol: "openai", llamaCpp: { slots: 1, contextTokens: 8_192 } });
const ask = (page: Page) => askAbout(page, "let total = 0", "return total", "What is this?");
const doing = (page: Page) => lastReply(page).locator(".reply-doing");
const stop = (page: Page) => doing(page).getByRole("button", { name: "Stop" });
const end = (page: Page) => lastReply(page).locator(".reply-end");

test("waiting for a loading model shows the seconds, and can be stopped", async ({ page, model }) => {
  await openOrders(page);
  model.llamaCpp?.load(600_000);
  await ask(page);
  await expect(doing(page)).toContainText(/The model is loading….*[1-9]\d* s/);
  await expectAccessible(page);
  await photograph(page, "conversation-loading");
  await stop(page).click();
  await expect(end(page)).toContainText("Stopped before any text was written.");
  model.llamaCpp?.load(0);
  model.answer({ text: "It adds up." });
  await end(page).getByRole("button", { name: "Try again" }).click();
  await expect(lastReply(page)).toContainText("It adds up.");
});

test("a question on a server with one slot is shown as waiting", async ({ page, model, context }) => {
  await openOrders(page);
  model.answer({ text: "on and on ".repeat(400), delayMs: 50 });
  await ask(page);
  await expect(lastReply(page)).toContainText("on and on");
  const other = await context.newPage();
  await openOrders(other);
  await ask(other);
  await expect(doing(other)).toContainText("Waiting for the model…");
  await stop(page).click();
  await expect(lastReply(other)).toContainText(/Answer \d+ to/);
});

test("Stop stays in view while a reply grows past the window", async ({ page, model }) => {
  await openOrders(page);
  model.answer({ text: "Another line of it.\n\n".repeat(400), chunkChars: 40, delayMs: 20 });
  await ask(page);
  await expect.poll(async () => (await lastReply(page).boundingBox())?.height ?? 0).toBeGreaterThan(1_500);
  await expect(stop(page)).toBeInViewport({ ratio: 1 });
  await stop(page).click();
  await expect(end(page)).toContainText("Stopped.");
});

test("a full context is reported, and Continue is not offered", async ({ page, model }) => {
  await openOrders(page);
  model.answer({ text: "It ends in the", stop: "length", usage: { inputTokens: 1_300, outputTokens: 6_800 } });
  await ask(page);
  await expect(end(page)).toContainText(/context is full\. The text so far is kept\. Ask about fewer lines/);
  await expect(end(page).getByRole("button")).toHaveText(["Try again"]);
});
