import { buryJobs } from "./support/dead-letters";
import { fillLedger } from "./support/ledger";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

/** A product whose queue has three dead letters, and whose models were asked today. */
const failing = test.extend<object, { product: RunningProduct }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const dataDir = newDataDir();
      await fillLedger(dataDir);
      await buryJobs(dataDir);
      const product = await startProduct({ dataDir });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
});

test("the operator sees that all is well, and what runs", async ({ page }) => {
  await page.goto("/settings/model");
  await page.getByRole("link", { name: "Operations" }).click();
  await expect(page).toHaveURL("/ops");
  await expect(page.getByText("Answers", { exact: true })).toHaveCount(3);
  await expect(page.getByText("Nothing is being worked on.")).toBeVisible();
  await expect(page.getByText("No model was asked today (UTC).")).toBeVisible();
  await expect(page.getByRole("row", { name: "Reviews and answers 0 0 0" })).toBeVisible();
  const health = await (await page.request.get("/health")).json();
  await expect(page.getByText(String(health.commit).slice(0, 12), { exact: true })).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "operations");
});

failing.describe.configure({ mode: "serial" });

failing("dead letters stand with their reasons, and one goes back on its queue", async ({ page }) => {
  await page.goto("/ops");
  const letters = page.getByRole("table", { name: "Dead letters: Reviews and answers" }).locator("tbody tr");
  await expect(letters).toHaveCount(3);
  await expect(letters.filter({ hasText: "G0NE1" })).toContainText("SESSION_NOT_FOUND: The session was not found.");
  await expect(letters.filter({ hasText: "D1ED" })).toContainText("its worker died or ran out of time");
  await expect(page.getByRole("table", { name: "Model calls today" })).toContainText("claude-test");
  await expectAccessible(page);
  await photograph(page, "operations-failing");
  await letters.filter({ hasText: "G0NE2" }).getByRole("button").click();
  await expect(page.getByText("One job is on its queue again.").first()).toBeVisible();
  // Its session is still gone, so the worker gives it up again, for the same reason.
  await expect(async () => {
    await page.reload();
    await expect(letters).toHaveCount(3, { timeout: 1_000 });
  }).toPass();
  await expect(letters.filter({ hasText: "G0NE2" })).toContainText("SESSION_NOT_FOUND");
});

failing.describe("without a script", () => {
  failing.use({ javaScriptEnabled: false });

  failing("all of them go back", async ({ page, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    await page.goto("/ops");
    await page.getByRole("button", { name: "Redrive all" }).click();
    await expect(page).toHaveURL("/ops");
    await expect(page.getByText("3 jobs are on their queue again.")).toBeVisible();
  });
});
