import type { Page } from "@playwright/test";
import { askAbout, lastReply, openOrders } from "./support/conversation";
import { expect, expectAccessible, photograph, testWithModel } from "./support/with-model";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const test = testWithModel({ protocol: "bedrock" });

const RICH = `# What it does

It **sums** the orders; see [the docs](https://docs.example/reduce) and https://plain.example/page.

1. One thing
   \`\`\`ts
   const nested: number = 1;
   \`\`\`
2. Another, with \`code\` and ~~nothing~~

\`\`\`ts
// A comment
export const total = orders.reduce((sum, order) => sum + order.price, 0);
\`\`\`

| Way | Lines |
|:----|------:|
| loop | 5 |
| reduce | 1 |

> A ${"very ".repeat(30)}long quotation.

- [x] read
- [ ] written
`;

const HOSTILE = [
  "<script>window.hit = 'script'</script>",
  "<img src=x onerror=\"window.hit = 'image'\">",
  "<svg onload=\"window.hit = 'svg'\">",
  "<iframe srcdoc=\"<script>parent.hit = 'frame'</script>\"></iframe>",
  "<style>body { display: none }</style>",
  "![pixel](http://127.0.0.1:9/pixel.png)",
  "![pixel][ref]\n\n[ref]: http://127.0.0.1:9/other.png",
  "[press](javascript:window.hit='link')",
  "[press](java&Tab;script:window.hit='link')",
  "<javascript:window.hit='autolink'>",
  "[press](data:text/html,<script>opener.hit='data'</script>)",
  "```html\n</code></pre><script>window.hit = 'fence'</script>\n```",
].join("\n\n");

/** Asks, and gives the drawn markdown of the answer. */
async function answered(page: Page) {
  await openOrders(page);
  await askAbout(page, "let total = 0", "return total", "What is this?");
  return lastReply(page).locator(".markdown");
}

test("a reply is rendered as Markdown while it streams, and its code is highlighted", async ({
  page,
  model,
  browser,
}) => {
  model.answer({ text: RICH, chunkChars: 12, delayMs: 15 });
  const markdown = await answered(page);
  await expect(markdown).toHaveAttribute("aria-busy", "true");
  await expect(markdown.locator("strong")).toHaveText("sums");
  await expect(markdown).not.toHaveAttribute("aria-busy", "true");
  await expect(markdown.locator("pre .tok-keyword").first()).toBeVisible();
  await expect(markdown.locator("li pre .tok-keyword")).toHaveText("const");
  await expect(markdown.locator("td.text-right").first()).toHaveText("5");
  const link = markdown.getByRole("link", { name: "the docs" });
  await expect(link).toContainText("(docs.example)");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
  await expect(link).toHaveAttribute("target", "_blank");
  await expectAccessible(page);
  await photograph(page, "markdown");

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await markdown.getByRole("button", { name: "Copy code" }).first().click();
  await expect(markdown.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("const nested: number = 1;\n");

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const without = await plain.newPage();
  await without.goto(page.url());
  await expect(without.locator(".markdown strong", { hasText: "sums" })).toBeVisible();
  await expect(without.locator(".markdown pre").last()).toContainText("orders.reduce");
  await expect(without.getByRole("button", { name: "Copy code" })).toHaveCount(0);
  await plain.close();
});

test("nothing in a reply runs, loads or navigates", async ({ page, model, product, noise }) => {
  noise.expect(SCRIPT_NOT_RUN);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== product.url) elsewhere.push(request.url());
  });
  model.answer({ text: HOSTILE, chunkChars: 5, delayMs: 5 });
  const markdown = await answered(page);
  await expect(markdown).toContainText("window.hit = 'fence'");
  await expect(markdown).not.toHaveAttribute("aria-busy", "true");
  await expect(
    markdown.locator("script, img, svg:not(.lucide), iframe, style, [style], [onerror], [onload]"),
  ).toHaveCount(0);
  for (const press of await markdown.getByText("press", { exact: true }).all()) await press.click();
  await page.reload();
  await expect(lastReply(page).locator(".markdown")).toContainText("window.hit = 'fence'");
  expect(await page.evaluate("window.hit")).toBeUndefined();
  expect(elsewhere).toEqual([]);
  expect(page.context().pages()).toHaveLength(1);
});
