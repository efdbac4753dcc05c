import { CART } from "./support/cart";
import { newDataDir, removeDataDir, startProduct } from "./support/product";
import { cards, editor, redlineButtons, reviewed, saveState, storedText, typeAfter, version } from "./support/review";
import { expect, test } from "./support/test";

test("from pasted code to an accepted fix, two tabs, a merge, and a kill -9", async ({ browser }) => {
  const dataDir = newDataDir();
  let product = await startProduct({ dataDir });
  const context = await browser.newContext({ baseURL: product.url });
  try {
    const page = await context.newPage();
    await page.goto("/sessions/new");
    await page.getByLabel("Code", { exact: true }).fill(CART);
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await expect(page).toHaveURL(/\/sessions\/ses_\w+(\?file=[^&]+)?$/);
    const id = /ses_\w+/.exec(page.url())?.[0] ?? "";
    await reviewed(page);
    await expect(cards(page).first()).toBeVisible();

    await test.step("accept one redline in the code", async () => {
      await redlineButtons(page, "Accept").first().click();
      await expect(page.getByText("Applied. v2.").first()).toBeVisible();
      await expect(version(page)).toContainText("v2");
      await reviewed(page);
    });

    await test.step("apply all safe, then undo", async () => {
      await page.getByRole("button", { name: /^Apply all safe/ }).click();
      await expect(version(page)).toContainText("v3 · saved");
      const safe = await storedText(page, id, "pasted.ts");
      await page.getByRole("button", { name: "Undo", exact: true }).first().click();
      await expect(version(page)).toContainText("v4");
      expect(await storedText(page, id, "pasted.ts")).not.toBe(safe);
      await reviewed(page);
    });

    const other = await context.newPage();
    await test.step("edit the same line in two tabs", async () => {
      await other.goto(`/sessions/${id}`);
      await reviewed(other);
      await typeAfter(page, "let sum = 0;", " // from the first window");
      await typeAfter(other, "let sum = 0;", " // from the second window");
      await typeAfter(other, "return undefined;", " // only in the second");
      await page.bringToFront();
      await editor(page).press("Control+s");
      await expect(version(page)).toContainText("v5 · saved");
      await other.bringToFront();
      await editor(other).press("Control+s");
      await expect(other).toHaveURL(/\/merge\?draftId=/);
    });

    await test.step("the merge view loses nothing", async () => {
      await expect(other.locator(".merge-place")).toHaveCount(1);
      await expect(other.locator(".merge-place")).toContainText("from the first window");
      await expect(other.locator(".merge-place")).toContainText("from the second window");
      await expect(other.getByText("only in the second")).toBeVisible();
      await other.getByLabel("Both").check();
      await other.getByRole("button", { name: "Save version" }).click();
      await expect(other).toHaveURL(new RegExp(`/sessions/${id}$`));
      await expect(version(other)).toContainText("v6 · saved");
      const merged = await storedText(other, id, "pasted.ts");
      for (const kept of ["from the first window", "from the second window", "only in the second"]) {
        expect(merged).toContain(kept);
      }
    });

    await test.step("kill -9 and start again: all there", async () => {
      const before = await storedText(other, id, "pasted.ts");
      await typeAfter(other, "return undefined;", " // typed before the end");
      await expect(saveState(other)).toHaveText("saved as draft");
      await other.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
      await product.kill();
      product = await startProduct({ dataDir, port: Number(new URL(product.url).port) });
      await page.goto(`/sessions/${id}`);
      await expect(version(page)).toContainText("v6");
      expect(await storedText(page, id, "pasted.ts")).toBe(before);
      await other.reload();
      await expect(editor(other)).toContainText("typed before the end");
    });
  } finally {
    await context.close();
    await product.stop();
    removeDataDir(dataDir);
  }
});
