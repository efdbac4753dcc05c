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

test("whoever knows the secret gets in, to where they wanted to be, and out again", async ({ page, noise }) => {
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

test("guesses are slowed whatever they claim to be, and never keep out a browser that was in before", async ({
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
  let answer = await guess(0);
  for (let at = 1; at < 60 && answer.status() === 401; at++) answer = await guess(at);
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);

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

test("signing in leads nowhere else, whatever the address says", async ({ page }) => {
  for (const to of ["/.//evil.example", "//evil.example", "/\\evil.example", "https://evil.example"]) {
    await page.context().clearCookies({ name: /^session/ });
    await page.goto(`/auth/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel("Operator secret").fill(SECRET);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/$/);
  }
});

test("a method that no page has is refused with those there are, and with no page", async ({ page, product }) => {
  const answer = await page.request.fetch("/auth/sign-in", {
    method: "OPTIONS",
    headers: { origin: product.url, accept: "text/html" },
  });
  expect([answer.status(), answer.headers().allow]).toEqual([405, "GET, HEAD, POST, PUT, PATCH, DELETE"]);
  expect(await answer.json()).toMatchObject({ error: { code: "INVALID_INPUT" } });
});

test("the walk that delivery takes after each deployment comes to its end", async ({ product }) => {
  const steps: string[] = [];
  await smoke(product.url, { secret: SECRET, report: (step) => steps.push(step) });
  expect(steps).toContain("fix saved as version 2");
  await expect(smoke(product.url, { secret: "wrong" })).rejects.toThrow(/^sign in: 401 instead of 302/);
});
