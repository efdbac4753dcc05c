import { askAbout, lastReply, ORDERS, openOrders, openThread } from "./support/conversation";
import { redlineButtons, storedText, version } from "./support/review";
import { expect, testWithModel } from "./support/with-model";

const test = testWithModel({ protocol: "openai", withoutTools: "refused" });

const OLD = ORDERS.split("\n").slice(3, 8).join("\n");
const NEW = "  return orders.reduce((sum, order) => sum + order.price * order.count, 0);";

/** The three formats of a model without tools, each as one would write it. */
const FORMATS = {
  "a JSON object": JSON.stringify({
    explanation: "Summing is what reduce is for.",
    suggested_code: NEW,
    patch: { start_line: 4, end_line: 8, replacement: NEW },
    confidence: "high",
  }),
  "search and replace": `Summing is what reduce is for.\n\norders.ts\n\`\`\`ts\n<<<<<<< SEARCH\n${OLD}\n=======\n${NEW}\n>>>>>>> REPLACE\n\`\`\`\n`,
  "a unified diff": [
    "Summing is what reduce is for.",
    "",
    "```diff",
    "--- a/orders.ts",
    "+++ b/orders.ts",
    "@@ -3,7 +3,3 @@",
    " export function totalOf(orders: readonly Order[]): number {",
    ...OLD.split("\n").map((line) => `-${line}`),
    `+${NEW}`,
    " }",
    "```",
    "",
  ].join("\n"),
};

for (const [format, text] of Object.entries(FORMATS)) {
  test(`a change that a model without tools writes in ${format} is streamed and accepted`, async ({ page, model }) => {
    const id = await openOrders(page);
    // Nothing half-read of a format may show: chunks cut it everywhere.
    model.script(() => ({ text, chunkChars: 5, delayMs: 15 }));
    await askAbout(page, "let total = 0", "return total", "Can this be shorter?");
    await expect(lastReply(page)).toContainText("Summing is what reduce is for.");
    await expect(openThread(page).locator(".proposal")).toContainText("parses · adds no problems");
    await expect(lastReply(page)).not.toContainText(/SEARCH|start_line|@@/);
    await redlineButtons(page, "Accept").first().click();
    await expect(version(page)).toContainText("v2");
    expect(await storedText(page, id, "orders.ts")).toBe(ORDERS.replace(OLD, NEW));
    await expect(openThread(page).locator(".proposal")).toContainText("Applied as v2");
  });
}

test("a refresh mid-stream and Stop work the same over this protocol", async ({ page, model }) => {
  await openOrders(page);
  model.script(() => ({ text: "word ".repeat(300), chunkChars: 5, delayMs: 60 }));
  await askAbout(page, "let total = 0", "return total", "What is this?");
  await expect(lastReply(page)).toContainText("word word");
  await page.reload();
  await expect(lastReply(page)).toContainText("word word");
  await lastReply(page).getByRole("button", { name: "Stop" }).click();
  await expect(lastReply(page)).toContainText("Stopped.");
  await expect.poll(() => model.abandoned.length).toBe(1);
});
