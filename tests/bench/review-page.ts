/** The review page in a browser: when it can be read, when the editor is there, how long a typed character takes. */
import { type Browser, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../../scripts/browser.mjs";
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { reviewedSession, sampleCode } from "./requests";

const ROUNDS = 5;
/** A sample function has eight lines and one between. */
const LINES_A_FUNCTION = 9;
/** Some twenty findings in a thousand lines, several times what is usual. */
const ONE_IN = 16;
const CHARACTERS = 60;
const SETTLE_MS = 1_500;
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const SLOW = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, offline: false };

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ARGS });
  try {
    const session = async (lines: number) =>
      product.url +
      (await reviewedSession(product.url, {
        name: "orders.ts",
        text: sampleCode(Math.ceil(lines / LINES_A_FUNCTION), ONE_IN),
      }));
    const page2000 = await session(2_000);
    const loads = [];
    // The first load also warms the server's cache of highlighting.
    for (let round = 0; round <= ROUNDS; round++) loads.push(await load(browser, page2000, false));
    loads.shift();
    const slow = [];
    for (let round = 0; round < 3; round++) slow.push(await load(browser, page2000, true));
    const typing = await typeInto(browser, await session(10_000));
    const figure = (name: string, value: number, unit: string, goal: number) =>
      atMost({ bench: "review-page", name, value: rounded(value, 1), unit, goal });
    const of = (list: Load[], pick: (each: Load) => number) => median(list.map(pick));
    return [
      figure(
        "largest contentful paint, 2,000 lines",
        of(loads, (each) => each.lcpMs),
        "ms",
        400,
      ),
      figure(
        "largest contentful paint, slow profile",
        of(slow, (each) => each.lcpMs),
        "ms",
        2_500,
      ),
      figure(
        "editor in place of the code, 2,000 lines",
        of(loads, (each) => each.editorMs),
        "ms",
        900,
      ),
      figure("requests to another host", Math.max(...loads.map((each) => each.foreign)), "", 0),
      figure("a typed character, 10,000 lines, p95", typing, "ms", 16),
    ];
  } finally {
    await browser.close();
    await product.stop();
    removeDataDir(dataDir);
  }
}

type Load = { lcpMs: number; editorMs: number; foreign: number };

async function load(browser: Browser, url: string, isSlow: boolean): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  let foreign = 0;
  page.on("request", (request) => {
    if (request.url().startsWith("http") && new URL(request.url()).origin !== new URL(url).origin) foreign += 1;
  });
  if (isSlow) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", SLOW);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await page.goto(url, { waitUntil: "load" });
  const lcpMs = await largestPaint(page);
  await page.locator(".cm-editor").first().waitFor();
  const editorMs = await page.evaluate(() => performance.now());
  await context.close();
  return { lcpMs, editorMs, foreign };
}

function largestPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: "largest-contentful-paint",
          buffered: true,
        });
      }),
  );
}

/**
 * Measures the main thread's time for one character: events, layout, painting and all that follows, less the time when
 * nothing is typed.
 */
async function typeInto(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const busyMs = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
  };
  await page.goto(url);
  const content = page.locator(".cm-content").first();
  await content.waitFor();
  await content.click({ position: { x: 200, y: 40 } });
  await page.waitForTimeout(SETTLE_MS);
  const busyAround = async (act: () => Promise<void>) => {
    const before = await busyMs();
    await act();
    await page.waitForTimeout(40);
    return (await busyMs()) - before;
  };
  const idle: number[] = [];
  for (let at = 0; at < 20; at++) idle.push(await busyAround(async () => {}));
  const durations: number[] = [];
  for (let at = 0; at < CHARACTERS; at++) durations.push(await busyAround(() => page.keyboard.type("x")));
  await page.close();
  const sorted = durations.sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN) - median(idle);
}
