/** Chromium by Playwright, as in the browser tests. */
import { chromium } from "@playwright/test";
import playwright from "../../../playwright.config";
import type { Engine } from "./engine";

export async function startChromium(): Promise<Engine> {
  const browser = await chromium.launch(playwright.use?.launchOptions);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  return {
    async open(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    evaluate: (expression) => page.evaluate(expression),
    async click(role, name) {
      const found = page.getByRole(role, { name, exact: true }).first();
      if (!(await found.isVisible())) return false;
      await found.click();
      return true;
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    cookies: () => context.cookies(),
    close: () => browser.close(),
  };
}
