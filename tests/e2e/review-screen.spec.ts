/** How the review screen is walked through: what is opened, what is told of what is out of sight, long lines, keys. */
import type { Page } from "@playwright/test";
import { CART } from "./support/cart";
import { cards, editor, reviewed, saveState, typeAfter, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";

const FILLER = Array.from({ length: 120 }, (_, at) => `export const value${at} = ${at};`).join("\n");
/** Findings at its start and at its end, with nothing between. */
const FAR_APART = `${CART}\n${FILLER}\nexport function last(name: string) {\n  debugger;\n  return name;\n}\n`;
const LONG = `export const words = "${"on and on ".repeat(70)}";\nexport function stop() {\n    debugger;\n}\n`;

const selected = (page: Page) => page.locator("article.finding[data-selected]");
const steps = (page: Page) => page.getByRole("navigation", { name: "Findings in this file" });

async function open(page: Page, text: string, path = "cart.ts"): Promise<string> {
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", { [path]: text });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  return id;
}

test("the worst finding is opened first, hidden ones are counted, and a decision selects the next one", async ({
  page,
}) => {
  await open(page, FAR_APART);
  await expect(selected(page)).toContainText("Critical");
  await expect(steps(page)).toContainText(/\d of \d/);
  const below = steps(page).getByRole("button", { name: /^1 below, line \d+/ });
  await expect(below).toBeVisible();
  // At this height a card's buttons may lie half under the steps at the foot; every-page.spec.ts has them whole.
  await expectAccessible(page, { without: ["target-size"] });
  await photograph(page, "review-out-of-sight");
  // The pictures changed the page's width, after which its steps are drawn anew.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
  await below.click();
  await expect(selected(page)).toContainText("debugger");
  await expect(page.locator(".cm-line", { hasText: "debugger;" }).last()).toBeInViewport();
  await expect(steps(page).getByRole("button", { name: /above, line \d+/ })).toBeVisible();
  await steps(page).getByRole("button", { name: "Previous" }).click();
  const before = await selected(page).getAttribute("data-finding");
  const order = await cards(page).evaluateAll((all) => all.map((card) => card.getAttribute("data-finding")));
  const scroller = page.locator(".review-scroll");
  const top = await scroller.evaluate((element) => element.scrollTop);
  await page.keyboard.press("d");
  await expect(selected(page)).toHaveAttribute("data-finding", order[order.indexOf(before) + 1] ?? "");
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(top);
});

test("a long line scrolls the code and not the margin, and wraps on request and on a phone", async ({ page }) => {
  await open(page, LONG, "long.ts");
  const card = selected(page);
  const place = await card.boundingBox();
  await page.locator(".cm-line").first().click();
  await page.keyboard.press("End");
  const scroller = page.locator(".review-scroll");
  await expect.poll(() => scroller.evaluate((element) => element.scrollLeft)).toBeGreaterThan(1_000);
  expect((await card.boundingBox())?.x).toBe(place?.x);
  const margin = await page.locator(".review-margin").boundingBox();
  const caret = await page.evaluate(() => getSelection()?.getRangeAt(0).getBoundingClientRect().x);
  expect(caret).toBeGreaterThan(0);
  expect(caret).toBeLessThan(margin?.x ?? 0);
  const isScrolledSideways = () => scroller.evaluate((element) => element.scrollWidth > element.clientWidth);
  await page.keyboard.press("Escape");
  await page.keyboard.press("w");
  await expect.poll(isScrolledSideways).toBe(false);
  await page.reload();
  await reviewed(page);
  await expect.poll(isScrolledSideways).toBe(false);
  await expect(page.locator(".redline-struck")).toHaveText("debugger;");
  await page.evaluate(() => localStorage.clear());
  await page.setViewportSize({ width: 390, height: 800 });
  await page.reload();
  await reviewed(page);
  await expect.poll(isScrolledSideways).toBe(false);
  await expect(steps(page)).toBeVisible();
  await expectAccessible(page);
});

test("a fix is accepted once however often it is pressed, and its redline says so at once", async ({ page }) => {
  await open(page, LONG, "long.ts");
  const sent: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/actions", async (route) => {
    sent.push(route.request().postData() ?? "");
    await held;
    await route.continue();
  });
  await page.keyboard.press("a");
  await page.keyboard.press("a");
  await expect(page.locator(".redline-state")).toHaveText("Applying…");
  await expect(page.locator(".redline-act")).toHaveCount(0);
  await expect(selected(page).getByRole("button", { name: "Accepting…" })).toHaveAttribute("aria-disabled", "true");
  release();
  await expect(version(page)).toContainText("v2");
  await expect(page.locator(".redline-state")).toHaveCount(0);
  expect(sent).toHaveLength(1);
  await expect(
    page.getByText("No open findings in this file.").or(page.getByText("No findings in this file.")),
  ).toBeVisible();
  await page.keyboard.press("a");
  await expect(page.getByText("No finding is selected. Press j to select the next one.").first()).toBeVisible();
});

test("what failed is no longer said once it was tried again and done", async ({ page, noise }) => {
  await open(page, LONG, "long.ts");
  const failure = page.locator(".toast", { hasText: "Can't reach Redline. Nothing was changed." });
  await page.route("**/actions", (route) => route.abort());
  noise.expect(/\/actions|ERR_FAILED/);
  await page.keyboard.press("a");
  await expect(failure).toBeVisible();
  await page.unroute("**/actions");
  await page.keyboard.press("a");
  await expect(version(page)).toContainText("v2");
  await expect(page.locator(".toast")).toContainText("v2");
  await page.locator(".toast").getByRole("button", { name: "Dismiss" }).click();
  await expect(page.locator(".toast")).toHaveCount(0);
});

test("a review is printed as its code and findings, without what is only for the screen", async ({ page }) => {
  await open(page, CART);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".review-header")).toBeHidden();
  await expect(steps(page)).toBeHidden();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(page.locator(".cm-line", { hasText: "return undefined;" })).toBeVisible();
  const code = await page.locator(".review-code").boundingBox();
  const first = await cards(page).first().boundingBox();
  expect(first?.y).toBeGreaterThan((code?.y ?? 0) + (code?.height ?? 0));
  await page.emulateMedia({ media: null });
});

test("a finding's rule leads to that rule, and code in its words is set as code", async ({ page }) => {
  await open(page, CART);
  await expect(selected(page).locator("h3 code")).toHaveText("Math");
  await expect(page.locator(".code-sign[title*='`']")).toHaveCount(0);
  await selected(page).getByRole("link", { name: "biome/correctness/noGlobalObjectCalls" }).click();
  await expect(page.getByText("1 of", { exact: false })).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(1);
});

test("when Tab indents, the editor says how to leave it; the palette lists navigation before decisions", async ({
  page,
}) => {
  await open(page, CART);
  const hint = page.locator(".editor-keys");
  await editor(page).focus();
  expect((await hint.boundingBox())?.width).toBe(1);
  await typeAfter(page, "let sum = 0;", " ");
  await expect.poll(async () => (await hint.boundingBox())?.width).toBeGreaterThan(100);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(editor(page)).not.toBeFocused();
  await page.keyboard.press("Control+k");
  const chosen = page.locator('[role="option"][data-selected="true"]');
  await expect(chosen).toHaveCount(1);
  await expect(chosen).toHaveAttribute("data-value", /^(page|file|session) /);
  await expect(page.getByRole("option", { name: /^Dismiss the finding: ./ })).toBeVisible();
});

test("a letter typed at the very moment a review ends stays in the code", async ({ page }) => {
  await open(page, LONG, "long.ts");
  await editor(page).press("ControlOrMeta+End");
  await page.evaluate(() => {
    const isDone = () => document.body.innerText.includes("Reviewed v2");
    // Called when the page has been drawn, before the editor is told of it.
    const observer = new MutationObserver(() => {
      if (!isDone()) return;
      observer.disconnect();
      document.execCommand("insertText", false, "x");
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.getByRole("button", { name: /^Accept: / }).click();
  await reviewed(page);
  await expect(saveState(page)).toHaveText("saved as draft");
  await expect(page.locator(".cm-line").last()).toHaveText("x");
});
