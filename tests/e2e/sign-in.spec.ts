import { smoke } from "../../scripts/smoke.mjs";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { test as base, expect, expectAccessible, photograph } from "./support/test";

const SECRET = "the stage's own secret";

/** The product as a deployed stage is: nobody gets in who does not know its secret. */
const test = base.extend<object, { product: RunningProduct }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const dataDir = newDataDir();
      const env = { REDLINE_AUTH: "on", SST_RESOURCE_OperatorSecret: JSON.stringify({ value: SECRET }) };
      const product = await startProduct({ dataDir, env });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
});

test("whoever knows the secret gets in, to where they wanted to be, and out again", async ({ page, noise }) => {
  noise.expect(/401/);
  await page.goto("/sessions/new");
  await expect(page).toHaveURL(/\/auth\/sign-in\?to=%2Fsessions%2Fnew$/);
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await expectAccessible(page);
  await photograph(page, "sign-in");

  await page.getByLabel("Operator's secret").fill("a guess");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That is not this stage's secret.")).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "sign-in-refused");

  await page.getByLabel("Operator's secret").fill(SECRET);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sessions\/new$/);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Operator's secret")).toBeVisible();
  await page.goto("/sessions");
  await expect(page).toHaveURL(/\/auth\/sign-in/);
});

test("a page that fails before it is known who asks shows no ways that are closed", async ({ page, product }) => {
  // A method that no page has is refused before any loader runs.
  const answer = await page.request.fetch("/auth/sign-in", {
    method: "OPTIONS",
    headers: { origin: product.url, accept: "text/html" },
  });
  const html = await answer.text();
  expect(answer.status()).toBeGreaterThanOrEqual(400);
  expect(html).toContain("Go to the start page");
  expect(html).not.toContain('aria-label="Main"');
});

test("the walk that delivery takes after each deployment comes to its end", async ({ product }) => {
  const steps: string[] = [];
  await smoke(product.url, { secret: SECRET, say: (step) => steps.push(step) });
  expect(steps).toContain("the fix became version 2");
  await expect(smoke(product.url, { secret: "wrong" })).rejects.toThrow(/^sign in: 401 instead of 302/);
});
