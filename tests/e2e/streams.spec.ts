import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { askAbout, lastReply, openOrders } from "./support/conversation";
import { expect, testWithModel } from "./support/with-model";

const test = testWithModel({ protocol: "bedrock" });

/** Stands before the product and counts the streams that are open at once. */
async function countStreams(productUrl: string) {
  const counts = { open: 0 };
  const server = createServer((request, response) => {
    const isStream = request.url?.startsWith("/logs/") ?? false;
    if (isStream) counts.open += 1;
    response.once("close", () => {
      if (isStream) counts.open -= 1;
    });
    const { method, headers, url } = request;
    const sent = forward(`${productUrl}${url}`, { method, headers }, (upstream) => {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      upstream.pipe(response);
    });
    sent.on("error", () => response.destroy());
    response.once("close", () => sent.destroy());
    request.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, counts, stop };
}

const words = Array.from({ length: 400 }, (_, i) => `word${i + 1}`).join(" ");

test.describe("streams", () => {
  test("twenty tabs follow one reply over one stream, and another page still opens", async ({
    browser,
    product,
    model,
  }) => {
    const { url, counts, stop } = await countStreams(product.url);
    const context = await browser.newContext({ baseURL: url });
    try {
      const page = await context.newPage();
      await openOrders(page);
      model.answer({ text: words, delayMs: 400 });
      await askAbout(page, "let total = 0", "return total", "What is this?");
      await expect(lastReply(page)).toContainText("word1");
      const tabs: Page[] = [page];
      while (tabs.length < 20) {
        const tab = await context.newPage();
        await tab.goto(page.url());
        tabs.push(tab);
      }
      for (const tab of tabs) await expect(lastReply(tab)).toContainText("word12");
      // Each tab that joins has the stream opened anew, with what that tab has not seen.
      await expect.poll(() => counts.open).toBe(1);
      const other = await context.newPage();
      await other.goto("/rules");
      await expect(other.getByRole("heading", { name: "Rules", exact: true })).toBeVisible();
    } finally {
      await context.close();
      stop();
    }
  });

  test("a hidden tab has no stream, and continues its reply when it is shown", async ({ browser, product, model }) => {
    const { url, counts, stop } = await countStreams(product.url);
    const context = await browser.newContext({ baseURL: url });
    try {
      const page = await context.newPage();
      await openOrders(page);
      model.answer({ text: words, delayMs: 100 });
      await askAbout(page, "let total = 0", "return total", "What is this?");
      await expect(lastReply(page)).toContainText("word2");
      expect(counts.open).toBe(1);
      await show(page, "hidden");
      await expect.poll(() => counts.open).toBe(0);
      await show(page, "visible");
      await expect(lastReply(page)).toContainText("word400");
    } finally {
      await context.close();
      stop();
    }
  });
});

/** Playwright's tabs are all visible: this is what a page sees when its tab is left or entered. */
const show = (page: Page, state: "hidden" | "visible") =>
  page.evaluate((to) => {
    Object.defineProperty(document, "visibilityState", { value: to, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
