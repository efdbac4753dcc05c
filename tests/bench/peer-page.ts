/** When the code of a 2,000-line file can be read in a browser: our review page against difit's, in turns. */
import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "../../scripts/browser.mjs";
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { DIFIT, prepareDifit } from "./difit";
import { atMost, type Figure, median, rounded } from "./figure";
import { reviewedSession, sampleCode } from "./requests";

const ROUNDS = 7;
const FILE = { name: "orders.ts", text: sampleCode(223, 16) };
/** In px²: a line of code is larger, the words "Loading diff…" are smaller. */
const LINE_OF_CODE = 3_000;
const PATIENCE_MS = 60_000;

export async function run(): Promise<Figure[]> {
  const difit = prepareDifit(FILE);
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = product.url + (await reviewedSession(product.url, FILE));
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const peer = await difit.serve();
      try {
        theirs.push(await codePaintedMs(browser, peer.url));
      } finally {
        await peer.end();
      }
      ours.push(await codePaintedMs(browser, page));
    }
    // The first load also warms the caches.
    const [our, their] = [ours, theirs].map((all) => median(all.slice(1)));
    const about = { bench: "peer-page", name: "largest contentful paint, 2,000 lines", ratio_to: DIFIT };
    return [atMost({ ...about, value: rounded((our ?? Number.NaN) / (their ?? Number.NaN)), unit: "", goal: 0.25 })];
  } finally {
    await browser.close();
    await product.stop();
    removeDataDir(dataDir);
    difit.remove();
  }
}

/** The largest contentful paint, once that is a line of code. */
async function codePaintedMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  const paintedMs = await page.evaluate(
    ([lineOfCode, patienceMs]) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error("No code was painted.")), patienceMs);
        new PerformanceObserver((list) => {
          const found = list
            .getEntries()
            .findLast((entry) => (entry as PerformanceEntry & { size: number }).size > lineOfCode);
          if (found) resolve(found.startTime);
        }).observe({ type: "largest-contentful-paint", buffered: true });
      }),
    [LINE_OF_CODE, PATIENCE_MS] as const,
  );
  await context.close();
  return paintedMs;
}
