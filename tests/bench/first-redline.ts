/** A person's first minute: from a product that just began to serve to the first redline, and to an accepted fix. */
import { type Browser, chromium } from "@playwright/test";
import { EXAMPLE_CODE } from "../../app/sessions/example-code";
import { findBrowser } from "../../scripts/browser.mjs";
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";

const ROUNDS = 5;
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

export async function run(): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ARGS });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await firstMinute(browser));
  await browser.close();
  const figure = (name: string, valuesMs: number[], goal: number) =>
    atMost({ bench: "first-redline", name, value: rounded(median(valuesMs) / 1000), unit: "s", goal });
  return [
    figure(
      "serving until the first redline, page opened and code pasted at once",
      rounds.map((each) => each.redlineMs),
      3,
    ),
    figure(
      "serving until a fix is accepted with three keystrokes",
      rounds.map((each) => each.acceptedMs),
      6,
    ),
  ];
}

/** On an empty data folder: nothing was reviewed or rendered before. */
async function firstMinute(browser: Browser): Promise<{ redlineMs: number; acceptedMs: number }> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const servingAt = performance.now();
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    const page = await context.newPage();
    await page.goto(product.url);
    await page.locator("[data-hint=submit]").waitFor();
    await page.evaluate((text) => navigator.clipboard.writeText(text), EXAMPLE_CODE);
    await page.keyboard.press("Control+v");
    await page.keyboard.press("Control+Enter");
    await page.locator(".redline-act").first().waitFor();
    const redlineMs = performance.now() - servingAt;
    await page.locator("article.finding[data-selected]").waitFor();
    await page.keyboard.press("a");
    await page.locator(".review-version", { hasText: "v2" }).waitFor();
    return { redlineMs, acceptedMs: performance.now() - servingAt };
  } finally {
    await context.close();
    await product.stop();
    removeDataDir(dataDir);
  }
}
