import type { Page } from "@playwright/test";
import { CART } from "./support/cart";
import { cards, editor, redlineButtons, reviewed, saveState, storedText, typeAfter, version } from "./support/review";
import { makeSession, saveFile } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const PYTHON =
  "import os\n\n\ndef total(items, seen=[]):\n    if items == None:\n        return 0\n    return sum(items)\n";

async function openSession(page: Page, files: Record<string, string> = { "cart.ts": CART }): Promise<string> {
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", files);
  await page.goto(`/sessions/${id}`);
  return id;
}

test("files, code and margin show the findings, in light and dark, wide and narrow", async ({ page }) => {
  await openSession(page, { "cart.ts": CART, "lib/total.py": PYTHON, "notes.txt": "Nothing to say.\n" });
  await reviewed(page);
  await expect(page.getByRole("navigation", { name: "Files" }).getByRole("listitem")).toHaveCount(3);
  await expect(cards(page).first()).toBeVisible();
  await expect(page.getByText(/^\d covered/).filter({ visible: true })).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "review");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole("button", { name: /^Findings/ }).click();
  await expect(cards(page).first()).toBeVisible();
  await expectAccessible(page);
});

test("the keyboard alone navigates findings, accepts, rejects, dismisses, applies all safe and undoes", async ({
  page,
}) => {
  const id = await openSession(page, { "cart.ts": CART, "lib/total.py": PYTHON });
  await reviewed(page);
  const selected = page.locator("article.finding[data-selected]");
  const first = await selected.getAttribute("data-finding");
  await page.keyboard.press("j");
  await expect(selected).not.toHaveAttribute("data-finding", first ?? "");
  await expect(page).toHaveURL(/finding=/);
  await page.keyboard.press("k");
  await expect(selected).toHaveAttribute("data-finding", first ?? "");
  // The worst finding has no fix; the one before it has.
  await page.keyboard.press("k");
  await page.keyboard.press("a");
  await expect(version(page)).toContainText("v2");
  await reviewed(page);
  await page.keyboard.press("Shift+A");
  await expect(version(page)).toContainText("v3");
  await reviewed(page);
  await page.keyboard.press("u");
  await expect(version(page)).toContainText("v4");
  await reviewed(page);
  const open = await cards(page).filter({ visible: true }).count();
  await page.keyboard.press("d");
  await expect(cards(page).filter({ visible: true })).toHaveCount(open - 1);
  await page.keyboard.press("v");
  await expect(page.getByText("1 of 2 files viewed")).toBeVisible();
  await page.keyboard.press("]");
  await expect(page).toHaveURL(/file=/);
  await expect(editor(page)).toHaveAttribute("aria-label", /Code of/);
  await editor(page).focus();
  await page.keyboard.type("j");
  await page.keyboard.press("Escape");
  await expect(editor(page)).not.toBeFocused();
  await page.keyboard.press("Control+s");
  await expect(version(page)).toContainText("v5");
  expect(id).toMatch(/^ses_/);
});

test("a key acts on what the key before it selected, however fast they follow each other", async ({ page }) => {
  await openSession(page, { "cart.ts": CART });
  await reviewed(page);
  const selected = page.locator("article.finding[data-selected]");
  const worst = await selected.getAttribute("data-finding");
  // No time passes between the two but what the page's own promises need.
  await page.evaluate(async () => {
    const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    press("k");
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    press("a");
  });
  await expect(version(page)).toContainText("v2");
  await expect(page.locator(`article.finding[data-finding="${worst}"]`)).toBeVisible();
});

test("Tab moves past the code to the findings, and a decision selects the next finding", async ({ page }) => {
  await openSession(page);
  await reviewed(page);
  const selected = page.locator("article.finding[data-selected]");
  await editor(page).focus();
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
  await editor(page).focus();
  await page.keyboard.press("Escape");
  await expect(editor(page)).not.toBeFocused();
  await expect
    .poll(async () => {
      await page.keyboard.press("Tab");
      return page.evaluate(() => document.activeElement?.closest(".review-margin") !== null);
    })
    .toBe(true);
  await expect(version(page)).toContainText("v1 · saved");
  const order = await cards(page).evaluateAll((all) => all.map((card) => card.getAttribute("data-finding")));
  const before = await selected.getAttribute("data-finding");
  const next = order[order.indexOf(before) + 1] ?? order[order.indexOf(before) - 1];
  await page.keyboard.press("d");
  await expect(selected).toHaveAttribute("data-finding", next ?? "");
});

test("edits are kept as a draft, offered to the next tab, and saved as a version", async ({ page, context }) => {
  const id = await openSession(page);
  await reviewed(page);
  await typeAfter(page, "let sum = 0;", " // kept");
  await expect(saveState(page)).toHaveText("saved as draft");
  await page.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
  await page.reload();
  await expect(editor(page)).toContainText("// kept");
  await page.close();
  const next = await context.newPage();
  await next.goto(`/sessions/${id}`);
  await expect(next.getByText(/You have unsaved edits from/)).toBeVisible();
  await next.getByRole("button", { name: "Continue" }).click();
  await expect(editor(next)).toContainText("// kept");
  await next.getByRole("button", { name: "Save", exact: true }).click();
  await expect(version(next)).toContainText("v2 · saved");
  expect(await storedText(next, id, "cart.ts")).toBe(CART.replace("let sum = 0;", "let sum = 0; // kept"));
});

test("a draft that a former version of the page kept in the browser is offered", async ({ page }) => {
  const id = await openSession(page);
  await page.goto("/rules");
  await page.evaluate(
    (sessionId) =>
      new Promise<void>((resolve, reject) => {
        indexedDB.deleteDatabase("redline");
        const request = indexedDB.open("redline", 1);
        request.onupgradeneeded = () =>
          request.result.createObjectStore("drafts", { keyPath: ["sessionId", "window"] }).put({
            sessionId,
            window: "a-former-tab",
            base: 1,
            files: [{ path: "cart.ts", text: "kept\n" }],
            savedAt: new Date().toISOString(),
          });
        request.onsuccess = () => resolve(request.result.close());
        request.onerror = () => reject(request.error);
      }),
    id,
  );
  await page.goto(`/sessions/${id}`);
  await expect(page.getByText(/You have unsaved edits from/)).toBeVisible();
});

test("edits are checked when typing pauses, and saved before a redline is accepted", async ({ page }) => {
  const id = await openSession(page);
  await reviewed(page);
  const signs = page.locator(".cm-findings .code-sign");
  const before = await signs.count();
  await typeAfter(page, "return undefined;", "\ndebugger;");
  await expect(signs).toHaveCount(before + 1);
  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v3 · saved");
  const stored = await storedText(page, id, "cart.ts");
  expect(stored).toContain("return undefined;\n    debugger;\n");
  expect(stored).not.toContain("node:path");
  await expect(editor(page)).not.toContainText("node:path");
});

test("offline, edits and saves are kept in the browser and sent when the connection is back", async ({
  page,
  context,
  noise,
}) => {
  noise.expect(/ERR_INTERNET_DISCONNECTED/);
  const id = await openSession(page);
  await reviewed(page);
  await context.setOffline(true);
  await typeAfter(page, "let sum = 0;", " // offline");
  await expect(saveState(page)).toHaveText("offline (1 change saved in this browser)");
  await editor(page).press("Control+s");
  await expect(page.getByText(/saved in this browser and will be sent when/).first()).toBeVisible();
  await context.setOffline(false);
  await expect(version(page)).toContainText("v2 · saved");
  expect(await storedText(page, id, "cart.ts")).toContain("// offline");
});

test("a file keeps its CRLF line ends and its byte order mark through an edit", async ({ page }) => {
  const text = `\uFEFF${CART.replaceAll("\n", "\r\n")}`;
  const id = await openSession(page, { "cart.ts": text });
  await reviewed(page);
  await typeAfter(page, "let sum = 0;", "\nlet more = 1;");
  await editor(page).press("Control+s");
  await expect(version(page)).toContainText("v2 · saved");
  const stored = await page.evaluate(async (session) => {
    const bytes = await (await fetch(`/sessions/${session}/text?path=cart.ts`)).arrayBuffer();
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }, id);
  expect(stored.startsWith("\uFEFFimport")).toBe(true);
  expect(stored.replaceAll("\r\n", "")).not.toContain("\n");
  expect(stored).toContain("let more = 1;\r\n");
});

test("a conflicting save opens the merge view, which requires a choice", async ({ page }) => {
  const id = await openSession(page);
  await reviewed(page);
  await typeAfter(page, "let sum = 0;", " // mine");
  await saveFile(page, id, { path: "cart.ts", text: CART.replace("sum = 0", "sum = 1"), base: 1 });
  await editor(page).press("Control+s");
  await expect(page).toHaveURL(/\/merge\?draftId=/);
  await expectAccessible(page);
  await photograph(page, "merge");
  await page.getByRole("button", { name: "Keep mine for this file" }).click();
  await expect(page.getByLabel("Keep mine", { exact: true })).toBeChecked();
  await page.getByLabel("Edit result manually").fill("    let sum = 2; // by hand\n");
  await expect(page.getByLabel("Manual edit")).toBeChecked();
  await page.getByRole("button", { name: "Save version" }).click();
  await expect(version(page)).toContainText("v3 · saved");
  expect(await storedText(page, id, "cart.ts")).toBe(CART.replace("let sum = 0;", "let sum = 2; // by hand"));
});

test("on a narrow screen a redline is accepted by touch", async ({ browser, product }) => {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await openSession(page);
  await reviewed(page);
  await redlineButtons(page, "Accept").first().tap();
  await expect(version(page)).toContainText("v2");
  await context.close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("findings are read, a redline accepted, one dismissed, all safe applied, undone and edited", async ({
    page,
    noise,
  }) => {
    noise.expect(SCRIPT_NOT_RUN);
    const id = await openSession(page);
    await reviewed(page, { withEditor: false });
    await expect(page.locator(".code-static .tok-keyword").first()).toBeVisible();
    await redlineButtons(page, "Accept").first().click();
    await expect(version(page)).toContainText("v2");
    await page.goto(`/sessions/${id}`);
    await reviewed(page, { withEditor: false });
    await page.getByRole("button", { name: /^Apply all safe/ }).click();
    await expect(version(page)).toContainText("v3");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(version(page)).toContainText("v4");
    await page.goto(`/sessions/${id}`);
    await page.locator("article.finding[data-selected]").getByRole("button", { name: "Dismiss" }).click();
    await expect(page.getByText("1 closed", { exact: true })).toBeVisible();
    await page.goto(`/sessions/${id}?edit=1`);
    await page.getByLabel("Text").fill("export const one = 1;\n");
    await page.getByRole("button", { name: "Save version" }).click();
    await expect(version(page)).toContainText("v5");
    expect(await storedText(page, id, "cart.ts")).toBe("export const one = 1;\n");
  });
});

test("a file of 100,000 lines opens: its visible part at once, all of it in the editor", async ({ page }) => {
  const text = Array.from({ length: 100_000 }, (_, i) => `export const value${i} = ${i};\n`).join("");
  const id = await openSession(page, { "large.ts": text });
  const html = await (await page.request.get(`/sessions/${id}`)).text();
  expect(html.length).toBeLessThan(4_000_000);
  await expect(editor(page)).toBeVisible();
  await editor(page).press("Control+End");
  await expect(page.getByText("export const value99999 = 99999;")).toBeVisible();
});

test("a page opened while its session is first reviewed names its file and loads nothing for it", async ({ page }) => {
  // A log under which the review never ends: the page has no other reason to be loaded again.
  await page.addInitScript(() => {
    const data = JSON.stringify({ type: "file", done: 1, files: 20, path: "f0.ts" });
    class EndlessLog extends EventTarget {
      private sequence = 0;
      private readonly timer = setInterval(() => {
        this.sequence += 1;
        this.dispatchEvent(new MessageEvent("message", { data, lastEventId: String(this.sequence) }));
      }, 200);
      close() {
        clearInterval(this.timer);
      }
    }
    Object.assign(window, { EventSource: EndlessLog });
  });
  const loaded: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes(".data")) loaded.push(new URL(request.url()).searchParams.get("file") ?? "");
  });
  const text = "export function f(a: any, b: any) {\n  var c = a == b;\n  return c;\n}\n".repeat(200);
  const names = Array.from({ length: 20 }, (_, at) => `f${at}.ts`);
  await openSession(page, Object.fromEntries(names.map((name) => [name, text.replaceAll("f(", `${name[1]}_(`)])));
  await expect(page).toHaveURL(/[?&]file=f\d+\.ts/);
  const open = new URL(page.url()).searchParams.get("file");
  const other = names.find((name) => name !== open) ?? "";
  await page.getByRole("navigation", { name: "Files" }).getByRole("link", { name: other }).first().click();
  await expect(page).toHaveURL(new RegExp(`file=${other}`));
  expect(loaded).toEqual([other]);
});

test("a slow page shows the finished review, also when its log sends nothing", async ({ page }) => {
  const longerThanItIsAskedAgain = 4_500;
  await page.route("**/logs/**", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: ": nothing to tell\n\n" }),
  );
  await page.route(/\/sessions\/ses_[^/]+\.data/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, longerThanItIsAskedAgain));
    await route.continue();
  });
  await openSession(page);
  await reviewed(page);
  await expect(cards(page).first()).toBeVisible();
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
