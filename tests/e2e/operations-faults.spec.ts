/** From a job that fails for good to its review, by way of the operator's page; and what that page says of faults. */
import type { Browser, Page } from "@playwright/test";
import type { FaultRule } from "@redline/local/faults";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";

/** One product after another on the same data, each with faults of its own, and one page that looks at them. */
async function withProducts(
  browser: Browser,
  story: (page: Page, start: (...rules: FaultRule[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const dataDir = newDataDir();
  let product: RunningProduct | undefined;
  const begin = async (...rules: FaultRule[]) => {
    const port = product ? Number(new URL(product.url).port) : 0;
    await product?.stop();
    const env = rules.length > 0 ? { REDLINE_FAULTS: JSON.stringify({ seed: 1, rules }) } : undefined;
    product = await startProduct({ dataDir, port, env });
    return product.url;
  };
  // The address stays, so the page's context can be made for the first.
  const context = await browser.newContext({ baseURL: await begin() });
  try {
    await story(await context.newPage(), async (...rules) => void (await begin(...rules)));
  } finally {
    await context.close();
    await product?.stop();
    removeDataDir(dataDir);
  }
}

const always = (service: FaultRule["service"], operation?: string): FaultRule => ({
  ...{ kind: "throttle", probability: 1, service, operation },
});

test("a failed job is listed with its reason, and succeeds once redriven after the cause is fixed", async ({
  browser,
}) => {
  await withProducts(browser, async (page, start) => {
    // No worker gets the job; then one does, but can write nothing.
    await start(always("sqs", "ReceiveMessage"));
    await page.goto("/sessions");
    const session = await makeSession(page, "poison", { "a.ts": "debugger;\n" });
    const waiting = page.getByRole("table", { name: "Queues" }).getByRole("row", { name: /^Reviews and replies 1 0/ });
    await expect(async () => {
      await page.goto("/ops");
      await expect(waiting).toContainText(/\d+ (ms|s)/, { timeout: 1_000 });
    }).toPass();
    await start(...["PutItem", "UpdateItem", "TransactWriteItems"].map((write) => always("dynamodb", write)));
    const letters = page.getByRole("table", { name: "Dead letters: Reviews and replies" }).locator("tbody tr");
    await expect(async () => {
      await page.goto("/ops");
      await expect(letters).toHaveCount(1, { timeout: 1_000 });
    }).toPass();
    await expect(letters).toContainText(/INTERNAL_ERROR: \w*Throttl|INTERNAL_ERROR: ProvisionedThroughput/);

    await start();
    await page.goto("/ops");
    await expect(letters.getByRole("link", { name: session })).toBeVisible();
    await page.getByRole("button", { name: "Redrive all" }).click();
    await expect(page.getByText("1 job redriven.").first()).toBeVisible();
    await expect(page.getByRole("table", { name: /^Dead letters/ })).toHaveCount(0);
    await page.goto(`/sessions/${session}`);
    await expect(page.getByRole("button", { name: /^Accept/ }).first()).toBeVisible();
  });
});

test("failed requests raise the failure rate, and are the first thing on the page", async ({ browser }) => {
  await withProducts(browser, async (page, start) => {
    await start(always("dynamodb", "Query"));
    expect((await page.request.get("/sessions")).status()).toBeGreaterThanOrEqual(500);
    await page.goto("/no-such-page");
    await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
    await expectAccessible(page);
    await photograph(page, "error-not-found");
    const pages = page.getByRole("table", { name: "Functions in the last hour" }).getByRole("row", { name: /^Pages/ });
    await expect(async () => {
      await page.goto("/ops");
      await expect(pages).toContainText(/1 \(\d+%\)/, { timeout: 1_000 });
    }).toPass();
    await page.getByRole("link", { name: /^Pages: 1 \(\d+%\) failed$/ }).click();
    await expect(page).toHaveURL(/#functions$/);
    await expect(page.getByRole("region", { name: "In progress" }).getByRole("alert")).toBeVisible();
    await expect(pages.getByRole("img")).toHaveAccessibleName(/; failed: .*1/);
    await expectAccessible(page);
    await photograph(page, "operations-faults");
  });
});

test("a section that cannot be loaded says so, and the others are shown", async ({ browser }) => {
  await withProducts(browser, async (page, start) => {
    await start(always("cloudwatch"));
    await page.goto("/ops");
    const functions = page.getByRole("region", { name: "Functions in the last hour" });
    await expect(functions.getByRole("alert")).toHaveText(/^Unavailable\./);
    await expect(page.getByRole("table", { name: "Queues" })).toBeVisible();
    await expect(page.getByText("The age of the oldest job is unavailable.")).toBeVisible();
    await expect(page.getByText("Nothing needs attention.")).toHaveCount(0);
    await expectAccessible(page);
    await photograph(page, "operations-broken");
  });
});
