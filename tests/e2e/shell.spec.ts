import { expect, expectAccessible, photograph, test } from "./support/test";

test("a page that does not exist says so, with a link back", async ({ page, noise }) => {
  noise.expect(/^(console error|response 404)/);
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "not-found");
  await page.getByRole("link", { name: "Go to home" }).click();
  await expect(page).toHaveURL("/");
});

test("the start page loads without console output, with every asset compressed and cached", async ({ page }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  const assets: Promise<Record<string, string>>[] = [];
  page.on("response", (response) => {
    if (/\/assets\/.*\.js$/.test(response.url())) assets.push(response.allHeaders());
  });
  await page.goto("/");
  await expect(page.locator("h1")).toBeVisible();
  for (const headers of await Promise.all(assets)) {
    expect(headers["cache-control"]).toContain("immutable");
  }
  expect(hosts.size).toBe(1);
  await expectAccessible(page);
});

test("the theme is chosen without JavaScript and applied before the first paint", async ({ browser, product }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: product.url });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
  const response = await context.request.post("/theme", {
    form: { theme: "dark", returnTo: "/" },
    headers: { origin: product.url },
  });
  expect(response.ok()).toBe(true);
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await context.close();
});
