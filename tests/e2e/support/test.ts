/** The test function of all tests in a browser: each has the built product, and fails on any unexpected noise. */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./product";
import { Noise } from "./quiet";

export { expect } from "@playwright/test";

type WorkerFixtures = {
  /** Shared by the tests of one worker: what a test makes, others see. Start one's own to kill it. */
  product: RunningProduct;
};

type TestFixtures = {
  /** `noise.expect(/pattern/)` for what the test provokes itself. */
  noise: Noise;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const dataDir = newDataDir();
      const product = await startProduct({ dataDir });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  noise: async ({ context }, use) => {
    const noise = new Noise();
    context.on("page", (page) => noise.listen(page));
    await use(noise);
    expect(noise.unexpected(), "unexpected console output or failed requests").toEqual([]);
  },
  // Listening has to begin before the test's page is made.
  page: async ({ noise: _, page }, use) => use(page),
});

export const THEMES = ["light", "dark"] as const;
export const WIDTHS = [1440, 1024, 390] as const;

/** WCAG 2.2 at level AA, whose own rules are off unless they are named, and axe's best practices. */
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

type AxeOptions = { themes?: readonly (typeof THEMES)[number][]; without?: string[] };

/** Fails on anything axe finds, in light and in dark, `without` the rules that the caller has a reason to leave out. */
export async function expectAccessible(page: Page, { themes = THEMES, without = [] }: AxeOptions = {}): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    // No page has frames, without which the legacy mode does all in the page itself instead of in a second one.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await axe.withTags(AXE_TAGS).disableRules(without).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    expect.soft(found, `axe, ${colorScheme}, ${new URL(page.url()).pathname}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Writes `test-results/screens/<name>-<theme>-<width>.png` in light and dark, wide and narrow, to be looked at. */
export async function photograph(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({
        path: `test-results/screens/${name}-${colorScheme}-${width}.png`,
        animations: "disabled",
      });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
