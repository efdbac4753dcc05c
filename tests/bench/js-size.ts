/** The JavaScript that a browser receives, as it comes over the wire: before a page can be read, and with the editor. */
import { chromium } from "@playwright/test";
import { findBrowser } from "../../scripts/browser.mjs";
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, rounded } from "./figure";
import { reviewedSession, sampleCode } from "./requests";

const KB = 1_024;

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const path = await reviewedSession(product.url, { name: "orders.ts", text: sampleCode(40) });
    const home = await scriptsOf("/", undefined);
    const review = await scriptsOf(path, ".cm-editor");
    const figure = (name: string, bytes: number, goal: number) =>
      atMost({ bench: "js-size", name, value: rounded(bytes / KB, 1), unit: "KB", goal });
    return [
      figure("home page", home.atLoad, 150),
      figure("review page until its code and findings can be read", review.atLoad, 150),
      figure("review page with the editor", review.inAll, 290),
    ];
  } finally {
    await browser.close();
    await product.stop();
    removeDataDir(dataDir);
  }

  /** Bytes of all scripts by the load event, and once `selector` is there and nothing more is asked for. */
  async function scriptsOf(path: string, selector: string | undefined): Promise<{ atLoad: number; inAll: number }> {
    const page = await browser.newPage();
    const network = await page.context().newCDPSession(page);
    await network.send("Network.enable");
    const scripts = new Set<string>();
    let bytes = 0;
    network.on("Network.responseReceived", ({ requestId, type }) => {
      if (type === "Script") scripts.add(requestId);
    });
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto(`${product.url}${path}`, { waitUntil: "load" });
    const atLoad = bytes;
    if (selector) {
      await page.locator("main").click();
      await page.locator(selector).first().waitFor();
    }
    await page.waitForLoadState("networkidle");
    await page.close();
    return { atLoad, inAll: bytes };
  }
}
