import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { cards, redlineButtons, reviewed, version } from "./support/review";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const BEFORE = `${Array.from({ length: 40 }, (_, at) => `// note ${at + 1}`).join("\n")}
export function total(items) {
  debugger;
  let sum = 0;
  for (const item of items) sum += item.price;
  return sum;
}
`;

const CART_PATCH = `diff --git a/src/cart.js b/src/cart.js
index 1111111..2222222 100644
--- a/src/cart.js
+++ b/src/cart.js
@@ -43,4 +43,6 @@ export function total(items) {
   let sum = 0;
-  for (const item of items) sum += item.price;
+  for (const item of items) sum += item.price * item.count;
+  items.reverse();
+  debugger;
   return sum;
 }
`;

const LOCK_PATCH = `diff --git a/package-lock.json b/package-lock.json
index 1111111..2222222 100644
--- a/package-lock.json
+++ b/package-lock.json
@@ -1 +1 @@
-{"lockfileVersion":2}
+{"lockfileVersion":3}
`;

/** Drops files on the page for a new session. */
async function dropFiles(page: Page, files: Record<string, string>): Promise<void> {
  await page.goto("/sessions/new");
  await expect(page.getByRole("button", { name: "Review an example" })).toBeVisible();
  const dropped = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(all)) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
}

/** Applies a patch with git to a folder of one file; returns what comes of it. */
function applyWithGit(name: string, text: string, patch: string): string {
  const folder = mkdtempSync(join(tmpdir(), "redline-apply-"));
  try {
    execFileSync("git", ["init", "-q", folder]);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    execFileSync("git", ["apply", "-"], { cwd: folder, input: patch });
    return readFileSync(join(folder, name), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const pathOf = (page: Page): string => new URL(page.url()).pathname;

test("a dropped patch with its file is a difference: a fix is accepted on a changed line, a verdict given, and git applies the export", async ({
  page,
}) => {
  await dropFiles(page, { "change.patch": CART_PATCH, "cart.js": BEFORE });
  await expect(page.getByText("This is a patch")).toBeVisible();
  await expect(page.getByText("The other files are taken as those")).toBeVisible();
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await reviewed(page, { withEditor: false });
  await expect(page.getByRole("heading", { name: "change.patch" })).toBeAttached();
  await expect(page.locator('.diff-line[data-change="removed"]')).toContainText("sum += item.price;");
  await expect(page.locator('.code-line[data-change="added"]').first()).toContainText("item.price * item.count");
  await expect(page.getByText("40 unchanged lines")).toBeVisible();

  // Only the debugger that the change brought has a card; the other is old here.
  const found = cards(page).filter({ hasText: "debugger" });
  await expect(found).toHaveCount(1);
  await page.getByRole("button", { name: "1 old here" }).click();
  await expect(found).toHaveCount(2);
  await page.getByRole("button", { name: "1 old here" }).click();
  await photograph(page, "difference");

  await page.keyboard.press("n");
  await expect(page.getByText("Change 1 of 1")).toBeVisible();
  await page.getByRole("link", { name: "Side by side" }).click();
  await expect(page.locator('.difference[data-view="split"]')).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "difference-split");
  await page.getByRole("link", { name: "Unified" }).click();
  await page.getByRole("link", { name: "20 more lines above" }).click();
  await expect(page.getByText("20 unchanged lines")).toBeVisible();
  await page.locator('a.diff-number[href="#L44"]').click();
  await expect(page).toHaveURL(/#L44$/);
  await page.locator('a.diff-number[href="#L46"]').click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/#L44-L46$/);
  await page.keyboard.press("v");
  await expect(page.getByText("1 of 1 file viewed")).toBeAttached();

  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v3");
  await reviewed(page, { withEditor: false });
  await expect(page.getByText("0 of 1 file viewed")).toBeAttached();

  await page.getByLabel("Give a verdict").click();
  await page.getByLabel("Request changes").check();
  await page.getByLabel("Summary").fill("Don't reverse the caller's list.");
  await page.getByRole("button", { name: "Submit verdict" }).click();
  await expect(page.locator(".review-header").getByText("changes requested")).toBeVisible();
  const at = pathOf(page);
  const patch = await (await page.request.get(`${at}/export.patch`)).text();
  const after = applyWithGit("src/cart.js", BEFORE, patch);
  expect(after).toContain("item.price * item.count;\n  items.reverse();\n  return sum;");
  const prompt = await (await page.request.get(`${at}/prompt`)).text();
  expect(prompt).toContain("Changes requested: Don't reverse the caller's list.");
  await page.goto(`${at}/history`);
  await expect(page.getByRole("list", { name: /^Verdicts/ })).toContainText("Don't reverse");
  await expect(page.getByText("Head: change.patch")).toBeVisible();
});

test("a pasted patch shows its hunks, says that the rest is not here, and folds lock files", async ({ page }) => {
  await page.goto("/sessions/new");
  await expect(page.getByRole("button", { name: "Review an example" })).toBeVisible();
  await page.getByLabel("Code", { exact: true }).fill(`${CART_PATCH}${LOCK_PATCH}`);
  await expect(page.getByText("without them, only its hunks are shown")).toBeVisible();
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await reviewed(page, { withEditor: false });
  await expect(page.getByText("Hunks only: the rest of the file is not here")).toBeVisible();
  await expect(page.getByText("42 lines are not here")).toBeVisible();
  await expect(page.locator(".code-row#L44")).toContainText("item.count");
  await expect(page.getByText("Lock files (1)")).toBeVisible();
  await expect(page.getByRole("link", { name: "package-lock.json" })).toBeHidden();
  await page.getByText("Lock files (1)").click();
  await page.getByRole("link", { name: "package-lock.json" }).click();
  await expect(page.locator(".code-row#L1 .code-line")).toContainText("3");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a difference is read, unfolded by links, and given a verdict", async ({ page, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    await page.goto("/sessions/new");
    await page.locator('input[name="files"]').setInputFiles([
      { name: "change.patch", mimeType: "text/plain", buffer: Buffer.from(CART_PATCH) },
      { name: "cart.js", mimeType: "text/plain", buffer: Buffer.from(BEFORE) },
    ]);
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await expect(page.locator('.code-line[data-change="added"]').first()).toContainText("item.count");
    await page.getByRole("link", { name: "20 more lines above" }).click();
    await expect(page.getByText("20 unchanged lines")).toBeVisible();
    await page.getByRole("link", { name: "Side by side" }).click();
    await expect(page.locator('.difference[data-view="split"]')).toBeVisible();
    await page.getByLabel("Give a verdict").click();
    await page.getByLabel("Approve").check();
    await page.getByRole("button", { name: "Submit verdict" }).click();
    await expect(page.locator(".review-header").getByText("approved")).toBeVisible();
  });
});
