/** Every page in each of its states, for tests and pictures of all of them. */
import type { Page } from "@playwright/test";
import type { ModelServer } from "../../support/model-server";
import { CART } from "./cart";
import { askAbout, lastReply, ORDERS, selectLines } from "./conversation";
import { openPaletteByKey } from "./palette";
import { cards, reviewed, typeAfter } from "./review";
import { makeSession, saveFile } from "./sessions";
import { expect } from "./test";

export type PageState = { name: string; hasMenuOpen?: boolean; open: (page: Page) => Promise<void> };

/** Sessions whose pages are looked at: `cart` has three versions, `files` several files, `clean` no findings. */
export type Sessions = { cart: string; files: string; clean: string; wide: string; gone: string; difference: string };

const CHANGE = `--- a/orders.ts
+++ b/orders.ts
@@ -1,3 +1,4 @@
+// Orders are in the order in which they came.
 export const first = 1;
-export const second = 2;
+export const second = 20;
 export const third = 3;
@@ -8,3 +9,2 @@
 export const eighth = 8;
-export const ninth = 9;
 export const tenth = 10;
`;
const NAMES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const NUMBERS = NAMES.map((name, at) => `export const ${name} = ${at + 1};\n`).join("");

const LONG_LINE = `export const words = "${"on and on ".repeat(70)}";\nexport function stop() {\n  debugger;\n}\n`;

export async function makeSessions(page: Page): Promise<Sessions> {
  await page.goto("/rules");
  const cart = await makeSession(page, "A shopping cart", { "cart.ts": CART });
  const second = CART.replace("let sum = 0;", "let sum = 1;");
  await saveFile(page, cart, { path: "cart.ts", base: 1, text: second });
  await saveFile(page, cart, { path: "cart.ts", base: 2, text: second.replace("    debugger;\n", "") });
  const files = await makeSession(page, "Several files", {
    "src/cart.ts": CART,
    "src/orders.ts": ORDERS,
    "tools/load.py": 'import os\n\ndef load(path, cache={}):\n    return cache or open(path, "r").read()\n',
    "notes.txt": "Just words.\n",
  });
  const clean = await makeSession(page, "Orders", { "orders.ts": ORDERS });
  const wide = await makeSession(page, "A long line", { "long.ts": LONG_LINE });
  const gone = await makeSession(page, "In the trash", { "orders.ts": ORDERS });
  for (const id of [cart, files, clean, wide]) await openReview(page, id);
  const difference = await makeSession(page, "A difference", { "change.patch": CHANGE, "orders.ts": NUMBERS });
  const url = new URL(page.url());
  const form = { intent: "trash", id: gone, returnTo: "/sessions" };
  await page.request.post("/sessions", { form, headers: { origin: url.origin } });
  return { cart, files, clean, wide, gone, difference };
}

async function openReview(page: Page, id: string, query = ""): Promise<void> {
  await page.goto(`/sessions/${id}${query}`);
  await reviewed(page);
}

/** The states of a product with a model; those of sign-in need another one. */
export function pageStates(sessions: Sessions, model: ModelServer): PageState[] {
  const { cart, files, clean, wide, gone, difference } = sessions;
  const at = (path: string) => async (page: Page) => {
    await page.goto(path);
    await expect(page.locator("h1")).toBeAttached();
  };
  return [
    { name: "home", open: at("/") },
    { name: "new", open: at("/sessions/new") },
    { name: "new-files", open: chooseFiles },
    { name: "new-refused", open: refuseFile },
    { name: "list", open: at("/sessions") },
    { name: "list-menu", hasMenuOpen: true, open: openRowMenu },
    { name: "list-rename", open: at(`/sessions?rename=${cart}`) },
    { name: "list-no-match", open: at("/sessions?search=nothing-is-called-so") },
    { name: "review", open: (page) => openReview(page, cart) },
    { name: "review-files", open: (page) => openReview(page, files) },
    { name: "review-clean", open: (page) => openReview(page, clean) },
    { name: "review-long-line", open: (page) => openReview(page, wide) },
    { name: "review-text", open: (page) => openReview(page, files, "?file=notes.txt") },
    { name: "review-reading", open: (page) => openWhileReading(page) },
    { name: "review-details", open: openDetails(files) },
    { name: "review-menu", hasMenuOpen: true, open: openMenu(cart) },
    { name: "review-selection", open: selectInCode(clean) },
    { name: "review-thread", open: openThreadWithReply(clean, model) },
    { name: "review-decided", open: dismissFirst(files) },
    { name: "review-file-gone", open: (page) => openReview(page, cart, "?file=gone.ts") },
    { name: "review-plain-edit", open: at(`/sessions/${cart}?edit=1`) },
    { name: "review-trashed", open: at(`/sessions/${gone}`) },
    { name: "merge", open: openMerge },
    { name: "history", open: at(`/sessions/${cart}/history`) },
    { name: "compare", open: at(`/sessions/${cart}/compare?from=1&to=3`) },
    { name: "compare-split", open: at(`/sessions/${cart}/compare?from=1&to=3&view=split`) },
    { name: "compare-same", open: at(`/sessions/${cart}/compare?from=1&to=1`) },
    { name: "model-review", open: at(`/sessions/${cart}/model-review`) },
    { name: "difference", open: (page) => openDifference(page, difference) },
    { name: "difference-split", open: (page) => openDifference(page, difference, "?view=split") },
    { name: "difference-selection", open: selectChange(difference) },
    { name: "difference-decided", open: decideChanges(difference) },
    { name: "difference-since", open: at(`/sessions/${difference}/compare?since=2`) },
    { name: "rules", open: at("/rules") },
    { name: "settings-model", open: at("/settings/model") },
    { name: "usage", open: at("/settings/usage") },
    { name: "ops", open: at("/ops") },
    { name: "trash", open: at("/trash") },
    { name: "palette", open: openPalette(cart) },
    { name: "shortcuts", open: openShortcuts(cart) },
    { name: "not-found", open: at("/no/such/page") },
    { name: "session-not-found", open: at("/sessions/ses_01J00000000000000000000000") },
    { name: "version-not-found", open: at(`/sessions/${cart}/compare?from=1&to=9`) },
  ];
}

const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text, "latin1") });

async function chooseFiles(page: Page): Promise<void> {
  await page.goto("/sessions/new");
  await page.locator("input[name=files]").setInputFiles([file("cart.ts", CART), file("notes", "words\n")]);
  await expect(page.getByLabel("Language of cart.ts")).toBeVisible();
}

async function refuseFile(page: Page): Promise<void> {
  await page.goto("/sessions/new");
  await page.locator("input[name=files]").setInputFiles([file("latin.txt", "Gr\u00fc\u00dfe\n")]);
  await expect(page.getByRole("button", { name: "Convert latin.txt to UTF-8" })).toBeVisible();
}

async function openRowMenu(page: Page): Promise<void> {
  await page.goto("/sessions");
  await page.getByLabel("Actions for A shopping cart").click();
  await expect(page.getByRole("button", { name: "Move to trash" })).toBeVisible();
}

/** Its review's end is not heard of. */
async function openWhileReading(page: Page): Promise<void> {
  const id = await makeSession(page, "Being read", { "cart.ts": CART });
  await page.goto(`/sessions/${id}`);
  await expect(page.locator(".review-strip")).toBeVisible();
}

const openDetails = (id: string) => async (page: Page) => {
  await openReview(page, id);
  await page.locator(".review-strip > summary").first().click();
  await expect(page.getByRole("table", { name: "Metrics by file" })).toBeVisible();
};

const openMenu = (id: string) => async (page: Page) => {
  await openReview(page, id);
  await page.getByLabel("More", { exact: true }).click();
  await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeVisible();
};

const selectInCode = (id: string) => async (page: Page) => {
  await openReview(page, id);
  await selectLines(page, "let total = 0", "return total");
};

async function openDifference(page: Page, id: string, query = ""): Promise<void> {
  await page.goto(`/sessions/${id}${query}`);
  await reviewed(page, { withEditor: false });
}

const selectChange = (id: string) => async (page: Page) => {
  await openDifference(page, id, "?view=unified");
  await page.keyboard.press("n");
  await page.keyboard.press("l");
  await expect(page.getByRole("toolbar", { name: "Decide on 1 changed line" })).toBeVisible();
};

const decideChanges = (id: string) => async (page: Page) => {
  await openDifference(page, id, "?view=unified");
  await page.getByRole("button", { name: "Accept change 1" }).click();
  await expect(page.getByText("✓ Accepted")).toBeVisible();
  await page.getByRole("button", { name: "Reject change 2" }).click();
  await expect(page.locator(".hunk-reverted")).toBeVisible();
};

const ANSWER = "It adds `price * count` of every order.\n\n```ts\nconst total = 1;\n```\n";

const openThreadWithReply = (id: string, model: ModelServer) => async (page: Page) => {
  await openReview(page, id);
  model.answer({ text: ANSWER });
  await askAbout(page, "let total = 0", "return total", "What is this?");
  await expect(lastReply(page)).toContainText("of every order");
  await expect(lastReply(page).getByLabel("Copy this reply")).toBeVisible();
};

const dismissFirst = (id: string) => async (page: Page) => {
  await openReview(page, id, "?file=tools/load.py");
  await cards(page).first().click();
  await page.keyboard.press("d");
  await expect(page.getByText(/^Dismissed\./).first()).toBeVisible();
};

/** Two saves of one line on the same base, as from two windows. */
async function openMerge(page: Page): Promise<void> {
  const id = await makeSession(page, "Merged", { "orders.ts": ORDERS });
  await openReview(page, id);
  await saveFile(page, id, { path: "orders.ts", base: 1, text: ORDERS.replace("let total = 0;", "let total = 1;") });
  await typeAfter(page, "let total = 0;", " // mine");
  await page.keyboard.press("Control+s");
  await expect(page).toHaveURL(/\/merge\?draftId=/);
  await expect(page.locator(".merge-place")).toHaveCount(1);
}

const openPalette = (id: string) => async (page: Page) => {
  await openReview(page, id);
  await openPaletteByKey(page);
  await expect(page.getByRole("option", { name: "cart.ts" })).toBeVisible();
};

const openShortcuts = (id: string) => async (page: Page) => {
  await openReview(page, id);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Shortcuts" })).toBeVisible();
};
