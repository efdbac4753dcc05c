import type { Page } from "@playwright/test";
import { EXAMPLE_CODE } from "../../app/sessions/example-code";
import { CART } from "./support/cart";
import { selectLines } from "./support/conversation";
import { newDataDir, removeDataDir, startProduct } from "./support/product";
import { reviewed, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, test } from "./support/test";

const hint = (page: Page, id: string) => page.locator(`[data-hint="${id}"]`);
const selected = (page: Page) => page.locator("article.finding[data-selected]");

test("on a first visit three hints stand in their places, and each goes once it was used", async ({ page }) => {
  await page.goto("/sessions/new");
  await expect(hint(page, "submit")).toContainText("Ctrl");
  await expectAccessible(page);
  await page.getByLabel("Code", { exact: true }).fill(CART);
  await page.keyboard.press("Control+Enter");
  await reviewed(page);
  await expect(hint(page, "decide")).toContainText("d dismisses");
  await expect(hint(page, "select")).toBeVisible();
  await expectAccessible(page);
  await selectLines(page, "let sum = 0;", "return sum;");
  await expect(hint(page, "select")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await expect(page.getByText(/^Dismissed\./).first()).toBeVisible();
  await expect(selected(page)).toBeVisible();
  await expect(hint(page, "decide")).toHaveCount(0);
  await page.reload();
  await reviewed(page);
  await page.goto("/sessions/new");
  await expect(page.getByRole("button", { name: "Review an example" })).toBeVisible();
  await expect(page.locator("[data-hint]")).toHaveCount(0);
});

test("from the start page to an accepted fix it takes three keystrokes: paste, Ctrl Enter, a", async ({
  browser,
  noise: _,
}) => {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const context = await browser.newContext({
    baseURL: product.url,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    const page = await context.newPage();
    await page.goto("/");
    await expect(hint(page, "submit")).toBeVisible();
    await page.evaluate((text) => navigator.clipboard.writeText(text), EXAMPLE_CODE);
    await page.keyboard.press("Control+v");
    await expect(page.getByLabel("Code", { exact: true })).toHaveValue(EXAMPLE_CODE);
    await page.keyboard.press("Control+Enter");
    await reviewed(page);
    await expect(page).toHaveTitle("pasted.ts · Item, total, find · Redline");
    await page.keyboard.press("a");
    await expect(version(page)).toContainText("v2 · saved");
  } finally {
    await context.close();
    await product.stop();
    removeDataDir(dataDir);
  }
});

test("where the worst finding has no fix, a goes to the next that has one, says so, and accepts it then", async ({
  page,
}) => {
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", { "cart.ts": CART });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  await expect(selected(page)).toContainText("Critical");
  await page.keyboard.press("a");
  const said = "That finding has no fix. This one, on line 32, has: press a to accept it.";
  await expect(page.getByText(said).first()).toBeVisible();
  await expect(selected(page).getByRole("button", { name: "Accept" })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("a");
  await expect(version(page)).toContainText("v2 · saved");
});
