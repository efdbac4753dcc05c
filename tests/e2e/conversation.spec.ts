import type { Page } from "@playwright/test";
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
  threadButton,
} from "./support/conversation";
import { editor, redlineButtons, reviewed, storedText, typeAfter, version } from "./support/review";
import { makeSession, saveFile } from "./support/sessions";
import { expect, expectAccessible, photograph, testWithModel } from "./support/with-model";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const test = testWithModel({ protocol: "bedrock" });

/** Two hunks: the sum, and the first order. */
const CHANGE = proposing("orders.ts", ORDERS, [
  { from: 4, to: 8, replacement: "  return orders.reduce((sum, order) => sum + order.price * order.count, 0);" },
  { from: 12, to: 12, replacement: "  return orders[0];" },
]);

const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i + 1}`).join(" ");

test("a question about a block streams its reply, whose redline is accepted by hunk", async ({ page, model }) => {
  const id = await openOrders(page);
  model.answer(
    { text: "A loop does the work of `reduce`. Here is a shorter way.", delayMs: 60, toolCalls: [CHANGE] },
    { text: "That is all." },
  );
  await askAbout(page, "let total = 0", "return total", "Can this be shorter?");
  await expect(page).toHaveURL(/thread=thr_/);
  await expect(messages(page).first()).toContainText("Can this be shorter?");
  await expect(lastReply(page)).toContainText("A loop");
  await expect(lastReply(page)).toContainText("Here is a shorter way.");
  const proposal = openThread(page).locator(".proposal");
  await expect(proposal).toContainText("Sum with reduce");
  await expect(proposal).toContainText("parses · adds no problems");
  await expect(lastReply(page).locator(".reply-cost")).toHaveText("full context");
  await expect(lastReply(page).locator(".reply-cost")).toHaveAttribute("aria-label", /tokens in.*total/);
  await expect(page.locator(".redline-block, .redline-added-text").first()).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "conversation");

  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v2");
  await expect(proposal).toContainText("Partly applied as v2.");
  const half = await storedText(page, id, "orders.ts");
  expect(half).toContain("orders.reduce");
  expect(half).toContain("orders.at(0)");
  await reviewed(page);
  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v3");
  await expect(proposal).toContainText("Applied as v2, v3");
  expect(await storedText(page, id, "orders.ts")).toContain("return orders[0];");

  await proposal.getByRole("button", { name: "Undo" }).click();
  await expect(version(page)).toContainText("v4");
  await threadButton(page, "Resolve").click();
  await expect(page.getByText("1 resolved")).toBeVisible();
  expect(model.calls.length).toBeLessThanOrEqual(2);
});

test("an open thread says its question once, its reply is copied, and a new thread takes its place", async ({
  page,
  model,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openOrders(page);
  model.answer({ text: "It adds `price * count`." });
  await askAbout(page, "let total = 0", "return total", "What is this?");
  await expect(lastReply(page)).toContainText("It adds");
  await expect(openThread(page).locator("h3")).toContainText("Lines 4 to 8");
  await expect(openThread(page).getByText("What is this?")).toHaveCount(1);
  await lastReply(page).getByRole("button", { name: "Copy this reply" }).click();
  await expect(lastReply(page).getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("It adds `price * count`.");
  await selectLines(page, "return orders.at(0)");
  await bar(page).getByRole("button", { name: "Ask" }).click();
  await expect(page.locator(".thread[data-selected]")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "New thread" })).toBeVisible();
  await composer(page).fill("Not sent yet");
  await page.locator("article.thread").click();
  await expect(page.locator(".thread[data-selected]")).toHaveCount(1);
  await expect(openThread(page)).toContainText("What is this?");
});

async function askSlowly(page: Page, model: { answer: (...answers: object[]) => void }, count = 60): Promise<string> {
  const text = words(count);
  model.answer({ text, chunkChars: 7, delayMs: 80 });
  await askAbout(page, "let total = 0", "return total", "What is this?");
  await expect(lastReply(page)).toContainText("word3");
  return text;
}

test("a hunk is rejected in the code, and the rest applies", async ({ page, model }) => {
  const id = await openOrders(page);
  model.answer({ text: "Shorter.", toolCalls: [CHANGE] }, { text: "Done." });
  await askAbout(page, "let total = 0", "return total", "Can this be shorter?");
  await redlineButtons(page, "Reject").last().click();
  await expect(redlineButtons(page, "Accept")).toHaveCount(1);
  await redlineButtons(page, "Accept").click();
  await expect(version(page)).toContainText("v2");
  const stored = await storedText(page, id, "orders.ts");
  expect(stored).toContain("orders.reduce");
  expect(stored).toContain("orders.at(0)");
});

test("a refresh mid-stream continues the reply, with no second call", async ({ page, model }) => {
  await openOrders(page);
  const text = await askSlowly(page, model);
  await page.reload();
  await expect(lastReply(page)).toContainText("word3");
  await expect(lastReply(page).getByRole("button", { name: "Stop" })).toBeVisible();
  await expect(lastReply(page)).toContainText(text);
  await expect(lastReply(page).locator(".reply-cost")).toBeVisible();
  expect(model.calls).toHaveLength(1);
});

test("a second tab follows a reply, and leaving does not stop it", async ({ page, model, context }) => {
  await openOrders(page);
  const text = await askSlowly(page, model);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(lastReply(other)).toContainText("word3");
  await page.goto("/rules");
  await other.goto("/rules");
  await expect.poll(() => model.calls[0]?.outcome).toBe("answered");
  await page.goBack();
  await expect(lastReply(page)).toContainText(text);
  expect(model.calls).toHaveLength(1);
});

test("going offline mid-stream is shown, and the reply continues when the connection is back", async ({
  page,
  context,
  model,
  noise,
}) => {
  noise.expect(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
  await openOrders(page);
  const text = await askSlowly(page, model, 80);
  await context.setOffline(true);
  await expect.poll(() => model.calls[0]?.outcome).toBe("answered");
  await context.setOffline(false);
  await expect(lastReply(page)).toContainText(text);
  expect(model.calls).toHaveLength(1);
});

test("a reply is stopped, keeps its text, and is continued", async ({ page, model }) => {
  await openOrders(page);
  await askSlowly(page, model, 300);
  await lastReply(page).getByRole("button", { name: "Stop" }).click();
  await expect(lastReply(page)).toContainText("Stopped.");
  await expect(lastReply(page)).toContainText("word3");
  await expect.poll(() => model.calls[0]?.outcome).toBe("abandoned");
  model.answer({ text: " and the rest of it." });
  await lastReply(page).getByRole("button", { name: "Continue" }).click();
  await expect(lastReply(page)).toContainText("and the rest of it.");
  await expect(lastReply(page)).toContainText("word3");
  await expect(lastReply(page).getByRole("button")).toHaveText([""]);
  await expect(lastReply(page).getByRole("button", { name: "Copy this reply" })).toBeVisible();
});

test("a thread's lines follow edits above, inside and over them, with the anchor's state", async ({ page, model }) => {
  const id = await openOrders(page);
  model.answer({ text: "It returns the first." });
  await askAbout(page, "return orders.at(0)", "return orders.at(0)", "Why not index it?");
  await expect(lastReply(page)).toContainText("It returns the first.");
  const place = openThread(page).locator(".thread-anchor");
  await expect(place).toHaveText("Line 12");
  const shownAfter = async (text: string, base: number) => {
    await saveFile(page, id, { path: "orders.ts", text, base });
    await page.reload();
    await reviewed(page);
  };
  const above = `// One.\n// Two.\n${ORDERS}`;
  await shownAfter(above, 1);
  await expect(place).toHaveText("Line 14");
  await expect(page.locator(".cm-line.code-tinted")).toHaveText("  return orders.at(0);");
  const inside = above.replace("return orders.at(0);", "return orders.at(0) ?? undefined;");
  await shownAfter(inside, 2);
  await expect(place).toContainText("Line 14");
  await expect(place).toContainText("edited");
  const over = inside.slice(0, inside.indexOf("\nexport function firstOf"));
  await shownAfter(over, 3);
  await expect(place).toContainText("lines no longer exist");
  await expect(page.locator(".cm-line.code-tinted")).toHaveCount(0);
  await expect(openThread(page).locator(".thread-quote")).toContainText("return orders.at(0);");
});

test("the keyboard alone selects, asks, stops and resolves", async ({ page, model }) => {
  await openOrders(page);
  await editor(page).focus();
  await page.keyboard.press("Control+Home");
  for (let line = 0; line < 3; line++) await page.keyboard.press("Shift+ArrowDown");
  await expect(bar(page)).toHaveAccessibleName("Ask about lines 1 to 3");
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  await expect(composer(page)).toBeFocused();
  model.answer({ text: words(300), chunkChars: 7, delayMs: 80 });
  await page.keyboard.type("What is an order?");
  await page.keyboard.press("Control+Enter");
  await expect(lastReply(page)).toContainText("word3");
  await composer(page).focus();
  await page.keyboard.press("Escape");
  await expect(lastReply(page)).toContainText("Stopped.");
  await threadButton(page, "Resolve").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 resolved")).toBeVisible();
});

test("quick actions post at once, and a message can be edited and deleted", async ({ page, model }) => {
  await openOrders(page);
  model.answer({ text: "It adds up prices." });
  await selectLines(page, "let total = 0", "return total");
  await bar(page).getByRole("button", { name: "Explain" }).click();
  await expect(messages(page).first()).toContainText("Explain this.");
  await expect(lastReply(page)).toContainText("It adds up prices.");
  await composer(page).fill("A note for **later**");
  await threadButton(page, "Add note").click();
  const note = messages(page).nth(2);
  await expect(note).toContainText("later");
  await note.hover();
  await note.getByRole("button", { name: "Edit your message" }).click();
  await note.getByLabel("Your message").fill("A better note");
  await note.getByRole("button", { name: "Save" }).click();
  await expect(note).toContainText("A better note");
  await expect(note).toContainText("edited");
  await note.getByRole("button", { name: "Delete your message" }).click();
  await expect(note).toContainText("Deleted by the author");
});

test("edits are saved before a question about their lines, and the thread is about those lines", async ({
  page,
  model,
}) => {
  const id = await openOrders(page);
  await typeAfter(page, "export type Order", "\n// Typed just now.");
  model.answer({ text: "A comment and a function." });
  await askAbout(page, "// Typed just now.", "export function totalOf", "What is here?");
  await expect(version(page)).toContainText("v2 · saved");
  await expect(lastReply(page)).toContainText("A comment and a function.");
  await expect(openThread(page).locator(".thread-anchor")).toHaveText("Lines 2 to 4");
  expect(await storedText(page, id, "orders.ts")).toContain("// Typed just now.");
  expect(model.calls[0]?.messages.at(-1)?.text).toContain("// Typed just now.");
});

test("a question about lines can be asked before the editor has loaded", async ({ page, model }) => {
  await page.route(/\/create-editor-[^/]*\.js$/, () => undefined);
  await page.goto("/rules");
  const id = await makeSession(page, "Orders", { "orders.ts": ORDERS });
  await page.goto(`/sessions/${id}`);
  await reviewed(page, { withEditor: false });
  const line = page.locator("#L6 .code-line");
  await line.click({ clickCount: 3 });
  await expect(bar(page)).toHaveAccessibleName("Ask about line 6");
  model.answer({ text: "It adds one price." });
  await bar(page).getByRole("button", { name: "Explain" }).click();
  await expect(lastReply(page)).toContainText("It adds one price.");
  await expect(page.locator("#L6 .code-tinted")).toBeVisible();
});

test("a selection made before the editor has loaded is kept", async ({ page }) => {
  let letCome = () => {};
  const mayCome = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  await page.route(/\/create-editor-[^/]*\.js$/, async (route) => {
    await mayCome;
    await route.continue();
  });
  await page.goto("/rules");
  const id = await makeSession(page, "Orders", { "orders.ts": ORDERS });
  await page.goto(`/sessions/${id}`);
  await reviewed(page, { withEditor: false });
  await page.locator("#L2 .code-line").click({ position: { x: 3, y: 10 } });
  await page.locator("#L4 .code-line").click({ modifiers: ["Shift"], position: { x: 60, y: 10 } });
  await expect(bar(page)).toHaveAccessibleName("Ask about lines 2 to 4");
  const before = await page.evaluate("getSelection().toString().split(/\\s+/).join(' ').trim()");
  letCome();
  await expect(page.locator(".cm-editor")).toBeVisible();
  await expect(bar(page)).toHaveAccessibleName("Ask about lines 2 to 4");
  expect(await page.evaluate("getSelection().toString().split(/\\s+/).join(' ').trim()")).toBe(before);
});

test("resolving a thread can be undone", async ({ page, model }) => {
  await openOrders(page);
  model.answer({ text: "So it is." });
  await askAbout(page, "let total = 0", "return total", "Is it?");
  await expect(lastReply(page)).toContainText("So it is.");
  await threadButton(page, "Resolve").click();
  await expect(page.getByText("1 resolved")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("1 resolved")).toHaveCount(0);
  await page.getByRole("link", { name: /^Thread: Is it/ }).click();
  await expect(lastReply(page)).toContainText("So it is.");
});

test("resolved threads are counted, and loaded when they are expanded by keyboard", async ({ page, model }) => {
  await openOrders(page);
  model.answer({ text: "So it is." });
  await askAbout(page, "let total = 0", "return total", "Is it?");
  await expect(lastReply(page)).toContainText("So it is.");
  await threadButton(page, "Resolve").click();
  await expect(page.getByText("1 resolved")).toBeVisible();
  await page.goto(page.url().split("?")[0] ?? "");
  const card = page.getByRole("link", { name: /^Thread: Is it/ });
  await expect(editor(page)).toBeVisible();
  await expect(card).toHaveCount(0);
  await page.getByText("1 resolved").focus();
  await page.keyboard.press("Enter");
  await expect(card).toBeVisible();
  await expectAccessible(page);
  await card.focus();
  await page.keyboard.press("Enter");
  await threadButton(page, "Reopen").click();
  await expect(page.getByText("1 resolved")).toHaveCount(0);
});

test("an unsent message stays in the composer, also after a reload", async ({ page, context, noise, model }) => {
  noise.expect(/ERR_INTERNET_DISCONNECTED/);
  await openOrders(page);
  model.answer({ text: "First." });
  await askAbout(page, "let total = 0", "return total", "One?");
  await expect(lastReply(page)).toContainText("First.");
  await context.setOffline(true);
  await composer(page).fill("Two?");
  await threadButton(page, "Ask").click();
  await expect(
    openThread(page)
      .getByText(/Can't reach Redline/)
      .first(),
  ).toBeVisible();
  await expect(composer(page)).toHaveValue("Two?");
  await context.setOffline(false);
  await page.reload();
  await expect(composer(page)).toHaveValue("Two?");
});

test("on a narrow screen a thread is read and replied to, and its change accepted, by touch", async ({
  browser,
  product,
  model,
}) => {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 390, height: 800 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await openOrders(page);
  model.answer({ text: "Shorter.", toolCalls: [CHANGE] }, { text: "Done." });
  await page.getByRole("button", { name: /^Findings/ }).tap();
  await page.getByRole("link", { name: "Ask about this file" }).tap();
  await composer(page).fill("Can it be shorter?");
  await threadButton(page, "Ask").tap();
  await expect(openThread(page).locator(".proposal")).toContainText("Sum with reduce");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await page.screenshot({ path: "test-results/screens/conversation-touch-390.png" });
  await openThread(page).locator(".proposal").getByRole("button", { name: "Accept" }).tap();
  await expect(version(page)).toContainText("v2");
  await expect(openThread(page).locator(".proposal")).toContainText("Applied as v2");
  await context.close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a question about lines of a file gets its reply, and the thread is resolved", async ({
    page,
    model,
    noise,
  }) => {
    noise.expect(SCRIPT_NOT_RUN);
    await page.goto("/rules");
    const id = await makeSession(page, "Orders", { "orders.ts": ORDERS });
    await page.goto(`/sessions/${id}`);
    await reviewed(page, { withEditor: false });
    model.answer({ text: "It adds up prices.", toolCalls: [CHANGE] }, { text: "So." });
    await page.getByRole("link", { name: "Ask about this file" }).click();
    await page.getByLabel("From line").fill("3");
    await page.getByLabel("to", { exact: true }).fill("9");
    await composer(page).fill("What is this?");
    await threadButton(page, "Ask").click();
    await expect(messages(page).first()).toContainText("What is this?");
    await expect(openThread(page).locator(".thread-anchor")).toHaveText("Lines 3 to 9");
    await expect(lastReply(page)).toContainText("It adds up prices.", { timeout: 90_000 });
    await openThread(page).locator(".proposal").getByRole("button", { name: "Accept" }).click();
    await expect(version(page)).toContainText("v2");
    await threadButton(page, "Resolve").click();
    await page.goto(`/sessions/${id}`);
    await page.getByText("1 resolved").click();
    await expect(page.getByRole("link", { name: /^Thread: What is this/ })).toHaveCount(0);
    await page.getByRole("link", { name: "Show resolved threads" }).click();
    await page.getByRole("link", { name: /^Thread: What is this/ }).click();
    await expect(lastReply(page)).toContainText("It adds up prices.");
  });
});
