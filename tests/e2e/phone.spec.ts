import { CART } from "./support/cart";
import { cards, reviewed, version } from "./support/review";
import { makeSession, saveFile } from "./support/sessions";
import { expect, expectAccessible, test } from "./support/test";

const PHONE = { width: 390, height: 844 };

test("on a phone the code has two thirds of the screen, and other actions are in the header's menu", async ({
  page,
}) => {
  await page.setViewportSize(PHONE);
  await page.goto("/rules");
  const id = await makeSession(page, "A shopping cart with a name that no phone can show", { "cart.ts": CART });
  await saveFile(page, id, { path: "cart.ts", base: 1, text: CART.replace("let sum = 0;", "let sum = 1;") });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  const code = await page.locator(".review-scroll").boundingBox();
  expect(code?.height).toBeGreaterThan(0.66 * PHONE.height);
  await page.getByLabel("More").click();
  // The menu lies over controls that come back when it closes.
  await expectAccessible(page, { without: ["target-size"] });
  await page.getByRole("button", { name: "Undo v2" }).click();
  await expect(version(page)).toContainText("v3");
  await page.getByRole("button", { name: /^Findings/ }).click();
  await expect(cards(page).first()).toBeVisible();
});

test("on touch screens every control outside the code is 44 pixels high", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", { "cart.ts": CART });
  for (const path of ["/", "/sessions", "/sessions/new", `/sessions/${id}`, `/sessions/${id}/history`]) {
    await page.goto(path);
    await expect(page.locator("h1")).toBeAttached();
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          "button, select, summary, .target, header a, input:not([type=hidden])",
        ),
      ]
        .filter((each) => each.checkVisibility() && !each.closest(".code, .cm-editor, .review-code, label"))
        .map((each) => ({ html: each.outerHTML.slice(0, 120), height: each.getBoundingClientRect().height }))
        .filter(({ height }) => height > 1 && height < 44),
    );
    expect(small, path).toEqual([]);
  }
});
