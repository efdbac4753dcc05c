import type { Page } from "@playwright/test";
import { newDataDir, removeDataDir, startProduct } from "./support/product";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";
import { traversingZip, zipBomb, zipOf } from "./support/zips";

/** With several files the page opens one, and its address names it. */
const SESSION = /\/sessions\/ses_\w+(\?file=[^&]+)?$/;
const MB = 1024 * 1024;

const text = (name: string, content: string | Buffer = "export const a = 1;\n") => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(content),
});
const many = (count: number) => Array.from({ length: count }, (_, i) => text(`file-${i}.ts`));
const filesField = (page: Page) => page.locator("input[name=files]");
const review = (page: Page) => page.getByRole("button", { name: "Review", exact: true });

test("on a fresh installation the start page accepts code", async ({ page }) => {
  const dataDir = newDataDir();
  const own = await startProduct({ dataDir });
  try {
    await page.goto(own.url);
    await expect(page.getByRole("heading", { name: "Review code" })).toBeVisible();
    await expectAccessible(page);
    await photograph(page, "home-empty");
    await page.goto(`${own.url}/sessions`);
    await expect(page.getByRole("heading", { name: "No sessions yet" })).toBeVisible();
    await page.goto(own.url);
    await page.getByLabel("Code", { exact: true }).fill("export const same = (a: number) => a == 1;\n");
    await expect(page.getByLabel("Language of the pasted code")).toContainText("Detected: TypeScript");
    await review(page).click();
    await expect(page).toHaveURL(SESSION);
    await page.goto(own.url);
    await expect(page.getByRole("heading", { name: "Needs your attention" })).toBeVisible();
    await expect(page.getByRole("link", { name: "pasted.ts" })).toBeVisible();
    await expectAccessible(page);
    await photograph(page, "home");
  } finally {
    // A page that is open asks for data, which nobody answers then.
    await page.goto("about:blank");
    await own.stop();
    removeDataDir(dataDir);
  }
});

test("pasting works with the keyboard alone", async ({ page }) => {
  await page.goto("/sessions/new");
  await page.getByLabel("Code", { exact: true }).focus();
  await page.keyboard.type("let a = 1;");
  // The page hears no key until it is hydrated.
  await expect(async () => {
    await page.keyboard.press("Control+Enter");
    await expect(page).toHaveURL(SESSION, { timeout: 10_000 });
  }).toPass();
});

test("files show their language and size, can be changed and removed, and keep what was chosen", async ({ page }) => {
  await page.goto("/sessions/new");
  await filesField(page).setInputFiles([text("one.ts"), text("notes", "just words"), text("two.py", "x = 1\n")]);
  const rows = page.getByRole("list", { name: "Chosen files" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("20 B");
  await expect(page.getByLabel("Language of two.py")).toHaveValue("");
  await page.getByLabel("Language of notes").selectOption({ label: "Markdown" });
  await page.getByRole("button", { name: "Remove one.ts" }).click();
  await expect(rows).toHaveCount(2);
  await expectAccessible(page);
  await photograph(page, "new-session");
  await page.getByLabel("Name (optional)").fill("Chosen languages");
  await review(page).click();
  await expect(page).toHaveURL(SESSION);
  await page.goto("/sessions?search=Chosen+languages");
  await expect(page.getByRole("row", { name: /Chosen languages/ })).toContainText("Markdown, Python");
});

test("files dropped anywhere on the page are taken", async ({ page }) => {
  await page.goto("/sessions/new");
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["export const a = 1;\n"], "dropped.ts"));
    return transfer;
  });
  // The page listens once its script runs.
  await expect(async () => {
    await page.dispatchEvent("body", "dragover", { dataTransfer: data });
    await expect(page.getByText("Drop to add")).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await expect(page.getByLabel("Language of dropped.ts")).toBeVisible();
});

/** Drops a file on the page; returns whether the browser was kept from opening it, as it is once a script runs. */
async function dropOnPage(page: Page, name: string): Promise<boolean> {
  return page.evaluate((file) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["export const a = 1;\n"], file));
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    return !document.body.dispatchEvent(event);
  }, name);
}

test("files dropped on the start page or the list go to the form; on another page they are kept from replacing it", async ({
  page,
}) => {
  await page.goto("/sessions/new");
  await page.getByLabel("Code", { exact: true }).fill("let a = 1;");
  await review(page).click();
  await expect(page).toHaveURL(SESSION);
  const session = page.url();
  for (const path of ["/", "/sessions"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Needs your attention|Sessions/);
    await expect(async () => expect(await dropOnPage(page, "dropped.ts")).toBe(true)).toPass();
    await expect(page).toHaveURL(/\/sessions\/new$/);
    await expect(page.getByLabel("Language of dropped.ts")).toBeVisible();
  }
  await page.goto(session);
  await expect(async () => expect(await dropOnPage(page, "stray.ts")).toBe(true)).toPass();
  await expect(page.getByText("Nothing was added: files start a new session.").first()).toBeVisible();
  expect(page.url()).toBe(session);
  await page.getByRole("button", { name: "New session" }).click();
  await expect(page.getByLabel("Language of stray.ts")).toBeVisible();
});

test("only what begins as a patch is announced as one; what is just named so is reviewed as a file", async ({
  page,
}) => {
  await page.goto("/sessions/new");
  await filesField(page).setInputFiles([text("plan.patch", "We should patch the roof.\n")]);
  await expect(page.getByText("plan.patch holds no patch: it will be reviewed as an ordinary file.")).toBeVisible();
  await expect(page.getByText("This is a patch")).toHaveCount(0);
  await review(page).click();
  await expect(page).toHaveURL(SESSION);
  await expect(page.getByText("We should patch the roof.").first()).toBeVisible();
  await page.goto("/sessions/new");
  const real = "--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-let a = 1;\n+let a = 2;\n";
  await filesField(page).setInputFiles([text("real.patch", real)]);
  await expect(page.getByText("This is a patch: it will be reviewed as a difference.")).toBeVisible();
});

test("a file over 1 MB is uploaded to storage and reviewed like any other", async ({ page }) => {
  await page.goto("/sessions/new");
  await page.getByLabel("Name (optional)").fill("With a large file");
  const large = Buffer.from("export const line = 1;\n".repeat((2 * MB) / 23));
  await filesField(page).setInputFiles([text("small.ts"), text("large.ts", large)]);
  const posted = page.waitForRequest(
    (request) => request.method() === "POST" && !request.url().startsWith(new URL(page.url()).origin),
  );
  await review(page).click();
  await posted;
  await expect(page).toHaveURL(SESSION);
  await page.goto("/sessions?search=With+a+large+file");
  await expect(
    page
      .getByRole("row", { name: /With a large file/ })
      .getByRole("cell")
      .nth(2),
  ).toHaveText("2");
});

test("files chosen before the page's script runs are listed once it does", async ({ page }) => {
  let start = () => {};
  const held = new Promise<void>((resolve) => {
    start = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/sessions/new", { waitUntil: "commit" });
  await filesField(page).setInputFiles([text("early.ts")]);
  start();
  await expect(page.getByLabel("Language of early.ts")).toBeVisible();
});

test("a zip is unpacked, and its binary files are listed as skipped", async ({ page }) => {
  await page.goto("/sessions/new");
  const zip = await zipOf({ "app/a.ts": "export const a = 1;\n", "app/logo.png": Buffer.from([137, 80, 0, 1]) });
  await filesField(page).setInputFiles([text("project.zip", zip)]);
  await expect(page.getByText("Will be unpacked")).toBeVisible();
  await review(page).click();
  await expect(page).toHaveURL(SESSION);
  await expect(page.getByText("Skipped: logo.png (not a text file).").first()).toBeVisible();
});

test("text in another encoding is converted to UTF-8 on request, alone or in a zip", async ({ page, noise }) => {
  noise.expect(/status of 400|response 400/);
  const utf16 = Buffer.from("\ufefflet wide = 1;\n", "utf16le");
  await page.goto("/sessions/new");
  await filesField(page).setInputFiles([text("wide.ts", utf16)]);
  await expect(page.getByText("This looks like UTF-16 text, not UTF-8.")).toBeVisible();
  await page.getByRole("button", { name: "Convert wide.ts to UTF-8" }).click();
  await expect(page.getByLabel("Language of wide.ts")).toBeVisible();
  await page.getByRole("button", { name: "Remove wide.ts" }).click();

  await filesField(page).setInputFiles([text("wide.zip", await zipOf({ "wide.ts": utf16 }))]);
  await review(page).click();
  await expect(page.getByRole("alert")).toContainText("wide.ts (UTF-16 text; convert it to UTF-8");
  await expect(page.getByLabel("Convert text in UTF-16 or Latin-1 to UTF-8")).toBeChecked();
  await expectAccessible(page);
  await review(page).click();
  await expect(page).toHaveURL(SESSION);
  await expect(page.getByText("let wide = 1;").first()).toBeVisible();
});

test.describe("files that can't be reviewed are reported before anything is uploaded", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto("/sessions/new");
    await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  });

  test("too large, binary and badly encoded files, each at its name", async ({ page }) => {
    await filesField(page).setInputFiles([
      text("huge.ts", Buffer.alloc(5 * MB + 1, "a")),
      text("photo.png", Buffer.from([137, 80, 0, 1])),
      text("latin.py", Buffer.from([0x27, 0xe9, 0x27])),
      text("fine.ts"),
    ]);
    const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await expect(row("huge.ts")).toContainText("The limit is 5 MB per file.");
    await expect(row("photo.png")).toContainText("Not a text file: it contains NUL bytes.");
    await expect(row("latin.py")).toContainText("This looks like Latin-1 text, not UTF-8.");
    await photograph(page, "new-session-refused");
    await expectAccessible(page);
    await review(page).click();
    await expect(page.getByRole("alert")).toHaveText("Remove the 3 unsupported files first.");
    await page.getByRole("button", { name: "Remove 3 unsupported files" }).click();
    await review(page).click();
    await expect(page).toHaveURL(SESSION);
  });

  test("51 files", async ({ page }) => {
    await filesField(page).setInputFiles(many(51));
    await expect(page.getByRole("alert")).toContainText("51 files is too many. The limit is 50 per session");
    await filesField(page).setInputFiles(many(50));
    await expect(page.getByRole("list", { name: "Chosen files" }).getByRole("listitem")).toHaveCount(50);
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  test("more than 20 MB together", async ({ page }) => {
    const heavy = Buffer.alloc(5 * MB, "a");
    await filesField(page).setInputFiles(Array.from({ length: 5 }, (_, i) => text(`heavy-${i}.txt`, heavy)));
    await expect(page.getByRole("alert")).toContainText("These files total 25 MB. The limit is 20 MB per session.");
  });

  test("nothing at all", async ({ page }) => {
    await review(page).click();
    await expect(page.getByRole("alert")).toHaveText("Paste some code or choose a file to review.");
  });
});

test.describe("a refused submission leaves the form as it was", () => {
  const cases: [string, () => Promise<Buffer>, RegExp][] = [
    ["a zip bomb", zipBomb, /unpacks to more than (50 MB|100 times its size)/],
    ["a zip that leads out of its folder", traversingZip, /hostile: it holds a path that leads out of it/],
    [
      "a zip with one file too many for what was pasted",
      () => zipOf(Object.fromEntries(many(50).map(({ name }) => [name, "a"]))),
      /51 files is too many\. The limit is 50 per session/,
    ],
  ];
  for (const [what, make, message] of cases) {
    test(what, async ({ page, noise }) => {
      noise.expect(/status of 400|response 400/);
      await page.goto("/sessions/new");
      await page.getByLabel("Code", { exact: true }).fill("const kept = true;");
      await filesField(page).setInputFiles([text("given.zip", await make())]);
      await expect(page.getByText("Will be unpacked")).toBeVisible();
      await review(page).click();
      await expect(page.getByRole("alert")).toContainText(message);
      await expect(page.getByLabel("Code", { exact: true })).toHaveValue("const kept = true;");
      await expect(page.getByLabel("Remove given.zip")).toBeVisible();
    });
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ noise }) => noise.expect(SCRIPT_NOT_RUN));

  test("pasted code becomes a session", async ({ page }) => {
    await page.goto("/");
    await page.goto("/sessions/new");
    await page.getByLabel("Code", { exact: true }).fill("export const same = (a: number) => a == 1;\n");
    await review(page).click();
    await expect(page).toHaveURL(SESSION);
  });

  test("chosen files become a session", async ({ page }) => {
    await page.goto("/sessions/new");
    await page.getByLabel(/Files, or a zip/).setInputFiles([text("a.ts"), text("b.py", "x = 1\n")]);
    await page.getByLabel("Name (optional)").fill("Without a script");
    await review(page).click();
    await expect(page).toHaveURL(SESSION);
  });

  for (const [what, files, message] of [
    [
      "a binary",
      [text("photo.png", Buffer.from([137, 80, 0, 1]))],
      "photo.png is not a text file: it holds NUL bytes.",
    ],
    [
      "one file too many",
      many(50),
      "51 files is too many. The limit is 50 per session; choose the folder you want reviewed.",
    ],
    [
      "a file that is too large",
      [text("huge.ts", Buffer.alloc(6 * MB, "a"))],
      "huge.ts is 6.0 MB; a file may be 5 MB at most.",
    ],
  ] as const) {
    test(`the server refuses ${what}, keeping the input`, async ({ page, noise }) => {
      noise.expect(/status of 4\d\d|response 4\d\d/);
      await page.goto("/sessions/new");
      await page.getByLabel("Code", { exact: true }).fill("const kept = true;");
      await page.getByLabel("Name (optional)").fill("Kept name");
      await page.getByLabel(/Files, or a zip/).setInputFiles([...files]);
      await review(page).click();
      await expect(page.getByRole("alert")).toContainText(message);
      await expect(page.getByLabel("Code", { exact: true })).toHaveValue("const kept = true;");
      await expect(page.getByLabel("Name (optional)")).toHaveValue("Kept name");
    });
  }
});
