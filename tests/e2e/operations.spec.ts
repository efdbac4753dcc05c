import { CODE } from "@redline/core/platform/schema-version";
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

test("the operator sees that all is well, and what is running", async ({ page }) => {
  await page.goto("/settings/model");
  await page.getByRole("link", { name: "Operations" }).click();
  await expect(page).toHaveURL("/ops");
  await expect(page.getByText("Healthy", { exact: true })).toHaveCount(3);
  await expect(page.getByText("No jobs are running.")).toBeVisible();
  await expect(page.getByText("No model calls today (UTC).")).toBeVisible();
  await expect(page.getByRole("row", { name: "Reviews and replies 0 0 – 0" })).toBeVisible();
  await expect(page.getByText(`version ${CODE.writes}`, { exact: true })).toBeVisible();
  const health = await (await page.request.get("/health")).json();
  await expect(page.getByText(String(health.commit).slice(0, 12), { exact: true })).toBeVisible();
  const pages = page.getByRole("table", { name: "Functions in the last hour" }).getByRole("row", { name: /^Pages/ });
  await expect(async () => {
    await page.getByRole("link", { name: "Refresh" }).click();
    await expect(pages.getByRole("img", { name: /^Calls per five minutes.*[1-9].*none failed$/ })).toBeVisible({
      timeout: 1_000,
    });
  }).toPass();
  await expect(page.getByText("Nothing needs attention.")).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "operations");
});

test("the page refreshes itself, keeps the focus, and stays when the server is unreachable", async ({
  page,
  noise,
}) => {
  await page.clock.install();
  await page.goto("/ops");
  const again = page.getByRole("link", { name: "Refresh" });
  await again.focus();
  const looked = page.waitForResponse(/\/ops\.data/);
  await page.clock.runFor(61_000);
  await looked;
  await expect(again).toBeFocused();
  noise.expect(/health/);
  noise.expect(/Failed to load resource/);
  await page.route("**/health", (route) => route.abort());
  await page.clock.runFor(61_000);
  await expect(page.getByText("Connection lost. Data may be out of date.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Queues" })).toBeVisible();
  await page.unroute("**/health");
  await page.clock.runFor(61_000);
  await expect(page.getByText("Connection lost.")).toBeHidden();
});

failing.describe.configure({ mode: "serial" });

failing("dead letters stand with their reasons, and one goes back on its queue", async ({ page }) => {
  await page.goto("/ops");
  const letters = page.getByRole("table", { name: "Dead letters: Reviews and replies" }).locator("tbody tr");
  await expect(letters).toHaveCount(3);
  await expect(letters.filter({ hasText: "G0NE1" })).toContainText("SESSION_NOT_FOUND: The session was not found.");
  await expect(letters.filter({ hasText: "G0NE1" })).toContainText("(not found or no access)");
  await expect(letters.filter({ hasText: "D1ED" })).toContainText("the worker crashed or timed out");
  await expect(page.getByRole("link", { name: "3 dead letters: Reviews and replies" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Model calls today" })).toContainText("claude-test");
  await expectAccessible(page);
  await photograph(page, "operations-failing");
  await letters.filter({ hasText: "G0NE2" }).getByRole("button").click();
  await expect(page.getByText("1 job redriven.").first()).toBeVisible();
  // Its session is still gone, so the worker gives it up again, for the same reason.
  await expect(async () => {
    await page.reload();
    await expect(letters).toHaveCount(3, { timeout: 1_000 });
  }).toPass();
  await expect(letters.filter({ hasText: "G0NE2" })).toContainText("SESSION_NOT_FOUND");
});

failing("one is discarded by keyboard alone, after the page has said what is lost", async ({ page }) => {
  await page.goto("/ops");
  const letters = page.getByRole("table", { name: "Dead letters: Reviews and replies" }).locator("tbody tr");
  const gone = letters.filter({ hasText: "G0NE1" });
  await gone.getByRole("link", { name: /^Discard/ }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("region", { name: /^Discard "Built-in review" of ses_/ });
  await expect(question).toContainText("won't be reviewed until someone requests a review");
  await expect(question).toContainText("This cannot be undone.");
  await expect(question.getByRole("heading")).toBeFocused();
  await expectAccessible(page);
  await photograph(page, "operations-discard");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(question).toBeHidden();
  await expect(gone).toHaveCount(1);
  await gone.getByRole("link", { name: /^Discard/ }).focus();
  await page.keyboard.press("Enter");
  await expect(question.getByRole("heading")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 dead letter discarded.").first()).toBeVisible();
  await expect(letters).toHaveCount(2);
  await expect(page.getByRole("group", { name: "Queues and dead letters" })).toBeFocused();
});

failing.describe("without a script", () => {
  failing.use({ javaScriptEnabled: false });

  failing("all of them go back, or are discarded", async ({ page, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    await page.goto("/ops");
    await page.getByRole("button", { name: "Redrive all" }).click();
    await expect(page).toHaveURL("/ops");
    await expect(page.getByText("2 jobs redriven.")).toBeVisible();
    // One of them fails again; the other is a reply without a follower.
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("link", { name: "Discard all" })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    const left = page.getByText("5 jobs redriven; ");
    await page.goto(`/ops?resume=redrive&queue=review&before=1&moved=5`);
    await expect(left).toContainText(/; \d dead letters remaining/);
    // Nothing is as old as that.
    await left.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("5 jobs redriven.")).toBeVisible();
    await page.getByRole("link", { name: "Discard all" }).click();
    await page.getByRole("button", { name: /^Discard (one job|\d jobs) permanently$/ }).click();
    await expect(page).toHaveURL("/ops");
    await expect(page.getByText(/(1 dead letter|\d dead letters) discarded\./)).toBeVisible();
  });
});

failing("what one request has no time for goes on by itself, or at a press", async ({ page }) => {
  // As after a press that moved five and left the rest.
  const goingOn = () =>
    `/ops?${new URLSearchParams({ resume: "discard", queue: "review", before: String(Date.now()), moved: "5" })}`;
  await page.goto(goingOn());
  await expect(page).toHaveURL("/ops");
  await expect(page.getByText("5 dead letters discarded.").first()).toBeVisible();
});
