import { expect, expectAccessible, photograph, test } from "./support/test";

test("every rule is listed with its example as a redline, filtered by the URL", async ({ page }) => {
  await page.goto("/rules");
  await expect(page.getByRole("status")).toContainText(/^\d+ rules, worst first$/);
  await expect(page.getByRole("article").first().locator(".redline-removed").first()).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "rules");
  await page.getByLabel("Search").fill("noDoubleEquals");
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page).toHaveURL(/q=noDoubleEquals/);
  await page.getByLabel("Language").selectOption({ label: "Python" });
  await expect(page.getByRole("heading", { name: "No matching rules" })).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.getByLabel("Severity").selectOption({ label: "Critical" });
  await expect(page.getByRole("status")).toContainText(/^\d+ of \d+ rules/);
});

test("the pages of the catalogue together hold every rule once", async ({ page }) => {
  await page.goto("/rules");
  const total = Number.parseInt((await page.getByRole("status").textContent()) ?? "", 10);
  const seen = new Set<string>();
  for (let number = 1; ; number++) {
    await expect(page.getByText(`Page ${number} of`)).toBeVisible();
    for (const id of await page.locator("article p.font-mono").allTextContents()) seen.add(id);
    const next = page.getByRole("link", { name: "Next", exact: true });
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(seen.size).toBe(total);
});
