import { pagePaths } from "../support/page-paths";
import { openPaletteByKey, palette } from "./support/palette";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";

test("no page scrolls sideways on a narrow phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/sessions/new");
  const id = await makeSession(page, `A name that is much longer than a narrow phone is wide ${"and on ".repeat(6)}`, {
    "a/very/long/path/that/no/phone/can/show/in/one/line/of/its/screen.ts": `export const text = "${"x".repeat(300)}";\n`,
  });
  // A merge needs a change that conflicts.
  for (const path of pagePaths(id).filter((each) => !each.endsWith("/merge"))) {
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(excess, path).toBeLessThanOrEqual(0);
  }
});

test("the first Tab offers to skip to the page", async ({ page }) => {
  await page.goto("/rules");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});

test("the theme is chosen in the top bar and kept", async ({ page }) => {
  await page.goto("/sessions/new");
  await page.getByLabel("Theme: system").click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL("/sessions/new");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the palette navigates and runs the page's commands, by keyboard", async ({ page }) => {
  await page.goto("/sessions/new");
  const id = await makeSession(page, "Palette target", { "src/found-by-palette.ts": "export {};\n" });
  await openPaletteByKey(page);
  await expectAccessible(page);
  await page.keyboard.type("Palette target");
  await expect(page.getByRole("option", { name: "Palette target" })).toHaveAttribute("data-selected", "true");
  await photograph(page, "palette");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/sessions/${id}`);
  await page.goto(`/sessions/${id}/history`);
  await openPaletteByKey(page);
  await expect(page.getByRole("option", { name: "src/found-by-palette.ts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await page.goto("/sessions");
  await openPaletteByKey(page);
  await page.keyboard.type("search sess");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Search by name")).toBeFocused();
});

test("? lists the page's shortcuts; single keys are off while typing", async ({ page }) => {
  await page.goto("/sessions/new");
  await page.getByLabel("Code", { exact: true }).focus();
  await page.keyboard.type("a ? b / c j k");
  await expect(page.getByLabel("Code", { exact: true })).toHaveValue("a ? b / c j k");
  await page.getByLabel("Code", { exact: true }).blur();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Shortcuts" });
  await expect(help).toContainText("Review this code");
  await expectAccessible(page);
  await photograph(page, "shortcuts");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});
