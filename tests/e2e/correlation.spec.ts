import { newDataDir, removeDataDir, startProduct } from "./support/product";
import { expect, test } from "./support/test";

test("one id connects the browser's request with the server's log and the worker's", async ({ browser }) => {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir, env: { REDLINE_LOG: "debug" } });
  try {
    const page = await (await browser.newContext({ baseURL: product.url })).newPage();
    await page.goto("/sessions/new");
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByLabel("Code", { exact: true }).fill("debugger;\n");
    await page.getByRole("button", { name: "Review", exact: true }).click();
    const requestId = (await answered).headers()["x-request-id"] ?? "none";
    const messages = () =>
      product
        .output()
        .split("\n")
        .filter((line) => line.includes(requestId))
        .map((line) => JSON.parse(line).message);
    await expect.poll(messages).toEqual(["request", "job done"]);
  } finally {
    await product.stop();
    removeDataDir(dataDir);
  }
});
