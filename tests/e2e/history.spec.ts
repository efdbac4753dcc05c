import type { Page } from "@playwright/test";
import { makeSession, saveFile } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const lines = (count: number) => Array.from({ length: count }, (_, i) => `export const value${i + 1} = ${i + 1};\n`);

/** A session with three versions of one file; the second changes line 5, the third line 30. */
async function withVersions(page: Page): Promise<string> {
  await page.goto("/sessions/new");
  const first = lines(40);
  const id = await makeSession(page, "Values", { "values.ts": first.join("") });
  const second = first.with(4, "export const value5 = 55;\n");
  await saveFile(page, id, { path: "values.ts", text: second.join(""), base: 1 });
  await saveFile(page, id, { path: "values.ts", text: second.with(29, "").join(""), base: 2 });
  return id;
}

test("the history lists versions, compares any two, undoes one and restores one", async ({ page }) => {
  const id = await withVersions(page);
  await page.goto(`/sessions/${id}/history`);
  const rows = page.getByRole("list", { name: "Versions, newest first" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("v3");
  await expect(rows.first()).toContainText("current");
  await expect(rows.last()).toContainText("created");
  await expectAccessible(page);
  await photograph(page, "history");

  await page.getByRole("group", { name: "Compare version 1" }).getByLabel("from").check();
  await page.getByRole("button", { name: "Compare selected" }).click();
  await expect(page).toHaveURL(/compare\?to=3&from=1$/);
  await page.goBack();

  await page.getByRole("button", { name: "Undo version 2" }).click();
  await expect(page.getByText("Undid v2. Now v4.").first()).toBeVisible();
  await expect(rows).toHaveCount(4);
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await expect(page.getByText("Restored v1. Now v5.").first()).toBeVisible();
  await page.goto(`/sessions/${id}/compare?from=1&to=5`);
  await expect(page.getByRole("heading", { name: "No differences" })).toBeVisible();
});

test("a comparison marks the changed words, folds unchanged lines and copies clean", async ({ page }) => {
  const id = await withVersions(page);
  await page.goto(`/sessions/${id}/compare?from=1&to=3`);
  await expect(page.locator("del")).toHaveText(["5", "export const value30 = 30;"]);
  await expect(page.locator("ins")).toHaveText(["55"]);
  const hidden = page.getByText("export const value20 = 20;");
  await expect(hidden).toBeHidden();
  await page.getByText("unchanged lines").nth(0).click();
  await expect(page.getByText("export const value1 = 1;")).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "compare");
  await page.keyboard.press("n");
  await expect(page.getByText(/^Change 1 of \d+$/)).toBeVisible();
  await page.locator('a[data-line="5"]').last().click();
  await expect(page).toHaveURL(/#.*new%3A5$/);
  await expect(page.getByLabel("From version").locator("option:checked")).toHaveText(/^v1 · .+ · .+/);
  await page.getByRole("link", { name: "Side by side" }).click();
  await expect(page).toHaveURL(/view=split/);
  await photograph(page, "compare-split");
  await expectAccessible(page);
  const copied = await page.evaluate(() => {
    const added = document.querySelector('[data-change="added"]');
    getSelection()?.selectAllChildren(added ?? document.body);
    return getSelection()?.toString();
  });
  expect(copied?.trim()).toBe("export const value5 = 55;");
});

test("a missing version is reported, not guessed", async ({ page, noise }) => {
  noise.expect(/^(console error|response 404)/);
  const id = await withVersions(page);
  await page.goto(`/sessions/${id}/compare?from=1&to=9`);
  await expect(page.getByText("There is no version 9 of this code.")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ noise }) => noise.expect(SCRIPT_NOT_RUN));

  test("the history and the comparison are plain pages and forms", async ({ page }) => {
    const id = await withVersions(page);
    await page.goto(`/sessions/${id}/history`);
    await page.getByRole("button", { name: "Compare selected" }).click();
    await expect(page).toHaveURL(/compare\?to=3&from=2$/);
    await expect(page.getByText("export const value30 = 30;")).toBeVisible();
    await page.getByText("unchanged lines").first().click();
    await expect(page.getByText("export const value20 = 20;")).toBeVisible();
    await page.goto(`/sessions/${id}/history`);
    await page.getByRole("button", { name: "Undo version 3" }).click();
    await expect(page.getByText("Undid v3. Now v4.")).toBeVisible();
  });
});
