import { smoke } from "../../scripts/smoke.mjs";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { test as base, expect, expectAccessible, photograph } from "./support/test";

const SECRET = "the stage's own secret";

/** The product as a deployed stage: its secret is required to sign in. */
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

test("signing in with the secret opens the requested page, and signing out ends it", async ({ page, noise }) => {
  noise.expect(/401/);
  await page.goto("/sessions/new");
  await expect(page).toHaveURL(/\/auth\/sign-in\?to=%2Fsessions%2Fnew$/);
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await expectAccessible(page);
  await photograph(page, "sign-in");

  await page.getByLabel("Operator secret").fill("a guess");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Incorrect operator secret.")).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "sign-in-refused");

  await page.getByLabel("Operator secret").fill(SECRET);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sessions\/new$/);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Operator secret")).toBeVisible();
  await page.goto("/sessions");
  await expect(page).toHaveURL(/\/auth\/sign-in/);
});

test("guesses are rate limited whatever their headers, and never lock out a known browser", async ({
  page,
  browser,
  product,
  noise,
}) => {
  noise.expect(/401/);
  noise.expect(/429/);
  const signIn = async (secret: string) => {
    await page.goto("/auth/sign-in");
    await page.getByLabel("Operator secret").fill(secret);
    await page.keyboard.press("Enter");
  };
  await signIn(SECRET);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Operator secret")).toBeVisible();

  const stranger = await browser.newContext({ baseURL: product.url });
  const guess = (at: number) =>
    stranger.request.post("/auth/sign-in", {
      form: { secret: "a guess", to: "/" },
      headers: { origin: product.url, "x-redline-viewer": `192.0.2.${at}`, "x-forwarded-for": `192.0.2.${at}` },
      maxRedirects: 0,
    });
  // One more may be let through for every twelve seconds that this takes.
  let response = await guess(0);
  for (let at = 1; at < 60 && response.status() === 401; at++) response = await guess(at);
  expect(response.status()).toBe(429);
  expect(Number(response.headers()["retry-after"])).toBeGreaterThan(0);

  const other = await stranger.newPage();
  await other.goto("/auth/sign-in");
  await other.getByLabel("Operator secret").fill("a guess");
  await other.keyboard.press("Enter");
  await expect(other.getByText(/Try again in \d+ s/)).toBeVisible();
  await expect(other.getByRole("button", { name: "Sign in" })).toBeDisabled();
  await expectAccessible(other);
  await expect(other.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await stranger.close();

  await signIn(SECRET);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("signing in never redirects to another site", async ({ page }) => {
  for (const to of ["/.//evil.example", "//evil.example", "/\\evil.example", "https://evil.example"]) {
    await page.context().clearCookies({ name: /^session/ });
    await page.goto(`/auth/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel("Operator secret").fill(SECRET);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/$/);
  }
});

test("an unsupported method is refused with the allowed ones, and without a page", async ({ page, product }) => {
  const response = await page.request.fetch("/auth/sign-in", {
    method: "OPTIONS",
    headers: { origin: product.url, accept: "text/html" },
  });
  expect([response.status(), response.headers().allow]).toEqual([405, "GET, HEAD, POST, PUT, PATCH, DELETE"]);
  expect(await response.json()).toMatchObject({ error: { code: "INVALID_INPUT" } });
});

test("the smoke test that delivery runs after each deployment passes", async ({ product }) => {
  const steps: string[] = [];
  await smoke(product.url, { secret: SECRET, report: (step) => steps.push(step) });
  expect(steps).toContain("fix saved as version 2");
  await expect(smoke(product.url, { secret: "wrong" })).rejects.toThrow(/^sign in: 401 instead of 302/);
});
