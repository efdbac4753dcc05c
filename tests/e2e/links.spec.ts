import { CART } from "./support/cart";
import { cards, redlineButtons, reviewed, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, test } from "./support/test";

test("a broken link names what no longer exists: page, session, version, file, finding", async ({ page, noise }) => {
  noise.expect(/status of 404|response 404/);
  await page.goto("/no/such/page");
  await expect(page).toHaveTitle("Page not found · Redline");
  await expect(page.getByText("There is no page at /no/such/page.")).toBeVisible();
  await expectAccessible(page);
  const id = await makeSession(page, "Cart", { "cart.ts": CART });
  await page.goto("/sessions/ses_01J00000000000000000000000");
  await expect(page).toHaveTitle("Session not found · Redline");
  await expect(page.getByRole("link", { name: "All sessions" })).toBeVisible();
  await page.goto(`/sessions/${id}/compare?from=1&to=9`);
  await expect(page).toHaveTitle("Version not found · Redline");
  await expect(page.getByRole("link", { name: "Back to the session" })).toBeVisible();
  await page.goto(`/sessions/${id}?file=gone.ts`);
  await expect(page.getByText("gone.ts is not in this session. cart.ts is shown instead.")).toBeVisible();
  await reviewed(page);
  await page.goto(`/sessions/${id}?file=cart.ts&finding=gone`);
  const notice = page.getByText(/^The linked finding no longer exists in cart.ts/);
  await expect(notice).toBeVisible();
  await expectAccessible(page);
});

test("a link to a fixed finding is not reported as broken", async ({ page }) => {
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", { "cart.ts": CART });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  const finding = await cards(page).first().getAttribute("data-finding");
  await page.goto(`/sessions/${id}?file=cart.ts&finding=${encodeURIComponent(finding ?? "")}`);
  await reviewed(page);
  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v2");
  await reviewed(page);
  await expect(page.getByText(/that this link leads to/)).toHaveCount(0);
});
