import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeSession } from "./support/sessions";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

/** The product is shared with other tests: a word that only this test's sessions have. */
const newWord = () => randomUUID().slice(0, 8);

test("the list is filtered by name, language and date, and the URL holds the filters", async ({ page }) => {
  await page.goto("/sessions/new");
  const word = newWord();
  await makeSession(page, `Orders ${word}`, { "a.ts": "export {};\n" });
  await makeSession(page, `Invoices ${word}`, { "b.py": "x = 1\n" });
  await page.goto("/sessions");
  await page.getByLabel("Search by name").fill(word.toUpperCase());
  await expect(page).toHaveURL(new RegExp(`search=${word}`, "i"));
  await expect(page.getByRole("row")).toHaveCount(3);
  await expectAccessible(page);
  await photograph(page, "sessions");
  await page.getByLabel("Language").selectOption({ label: "Python" });
  await expect(page).toHaveURL(/language=python/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByLabel("Updated after").fill("2099-01-01");
  await expect(page.getByRole("heading", { name: "No matching sessions" })).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(page.getByRole("link", { name: `Invoices ${word}` })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Language")).toHaveValue("python");
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page).toHaveURL("/sessions");
});

test("the keyboard alone searches, moves between sessions and opens one", async ({ page }) => {
  await page.goto("/sessions/new");
  const word = newWord();
  await makeSession(page, `First ${word}`, { "a.ts": "export {};\n" });
  await makeSession(page, `Second ${word}`, { "b.ts": "export {};\n" });
  await page.goto("/sessions");
  await expect(page.getByLabel("Search by name")).toBeVisible();
  // The page listens once its script runs.
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByLabel("Search by name")).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.type(word);
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByLabel("Search by name").blur();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: `Second ${word}` })).toBeFocused();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: `First ${word}` })).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sessions\/ses_/);
});

test("a session is renamed in its row; an empty name is refused there, and Escape leaves it", async ({
  page,
  noise,
}) => {
  noise.expect(/status of 400|response 400/);
  await page.goto("/sessions/new");
  const word = newWord();
  await makeSession(page, `Before ${word}`, { "a.ts": "export {};\n" });
  await page.goto(`/sessions?search=${word}`);
  const field = page.getByLabel("Name", { exact: true });
  const rename = async () => {
    await page.getByLabel(`Actions for Before ${word}`).click();
    await page.getByRole("link", { name: "Rename" }).click();
    await expect(field).toBeFocused();
  };
  await rename();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: `Before ${word}` })).toBeVisible();
  await rename();
  await field.fill("   ");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Enter a name.")).toBeVisible();
  await expectAccessible(page);
  await field.fill(`After ${word}`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: `After ${word}` })).toBeVisible();
  await expect(page.getByText(`Renamed to After ${word}.`).first()).toBeVisible();
  await expect(page).toHaveURL(`/sessions?search=${word}`);
});

test("a deleted session goes to the trash, and Undo or Restore brings it back", async ({ page }) => {
  await page.goto("/sessions/new");
  const name = `Deleted ${newWord()}`;
  await makeSession(page, name, { "a.ts": "export {};\n" });
  await page.goto("/sessions");
  const remove = async () => {
    await page.getByLabel(`Actions for ${name}`).click();
    await page.getByRole("button", { name: "Move to trash" }).click();
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  };
  await remove();
  await photograph(page, "toast");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name })).toBeVisible();
  await remove();
  await page.getByRole("link", { name: "Trash" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("in 7 days");
  await expectAccessible(page);
  await photograph(page, "trash");
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
  await page.goto("/sessions");
  await expect(page.getByRole("link", { name })).toBeVisible();
});

test("a session in the trash is read without its buttons, a shortcut says why, and Restore brings them back", async ({
  page,
}) => {
  await page.goto("/sessions/new");
  const name = `Thrown away ${newWord()}`;
  const id = await makeSession(page, name, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await page.goto(`/sessions/${id}`);
  const accept = page.getByRole("button", { name: "Accept" }).first();
  await expect(accept).toBeVisible();
  await page.getByLabel("More").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("link", { name }).click();
  await expect(page.getByText("in the trash and read-only")).toBeVisible();
  await expect(page.locator(".code-static")).toContainText("debugger");
  await expect(accept).toBeHidden();
  await expect(page.getByRole("button", { name: "Review", exact: true })).toBeHidden();
  await page.keyboard.press("a");
  await expect(page.getByText("Restore it to make changes.").first()).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "session-in-trash");
  await page.goto(`/sessions/${id}/history`);
  await expect(page.getByText("v1", { exact: true })).toBeVisible();
  await page.goBack();
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(accept).toBeVisible();
  await expect(page.getByText("in the trash and read-only")).toBeHidden();
});

test("a tab learns that its session was put in the trash in another, when one comes back to it or acts", async ({
  page,
  context,
  noise,
}) => {
  await page.goto("/sessions/new");
  const name = `Elsewhere ${newWord()}`;
  const id = await makeSession(page, name, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await page.goto(`/sessions/${id}`);
  const accept = page.getByRole("button", { name: "Accept" }).first();
  await expect(accept).toBeVisible();
  const inTrash = page.getByText("in the trash and read-only");
  const other = await context.newPage();
  const throwAway = async () => {
    await other.goto(`/sessions/${id}`);
    await other.getByLabel("More").click();
    await other.getByRole("button", { name: "Delete" }).click();
    await expect(other).toHaveURL(/\/sessions$/);
  };
  // Headless browsers show every tab, so the event is the test's.
  const comeBack = () => page.evaluate(() => dispatchEvent(new Event("focus")));
  await throwAway();
  await comeBack();
  await expect(inTrash).toBeVisible();
  await expect(accept).toBeHidden();
  await other.getByRole("button", { name: "Undo" }).click();
  await expect(other.getByRole("link", { name })).toBeVisible();
  await comeBack();
  await expect(inTrash).toBeHidden();
  await expect(accept).toBeVisible();
  await throwAway();
  noise.expect(/403/);
  await accept.click();
  await expect(inTrash).toBeVisible();
  await expect(accept).toBeHidden();
});

test("a session is exported as a document and as a zip, named like it", async ({ page }) => {
  await page.goto("/sessions/new");
  const id = await makeSession(page, 'Export: "all" of it', { "src/a.ts": "export const a = 1;\n" });
  const download = async (kind: string) => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.goto(`/sessions/${id}/export.${kind}`).catch(() => {}),
    ]);
    return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
  };
  const json = await download("json");
  expect(json.name).toBe("Export- -all- of it.json");
  expect(JSON.parse(json.content.toString()).files).toEqual([
    { path: "src/a.ts", language: "typescript", text: "export const a = 1;\n" },
  ]);
  const zip = await download("zip");
  expect(zip.name).toBe("Export- -all- of it.zip");
  expect(zip.content.subarray(0, 2).toString()).toBe("PK");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ noise }) => noise.expect(SCRIPT_NOT_RUN));

  test("sessions are found, renamed, deleted and restored with plain forms", async ({ page }) => {
    await page.goto("/sessions/new");
    const word = newWord();
    await makeSession(page, `Plain ${word}`, { "a.ts": "export {};\n" });
    await page.goto("/sessions");
    await page.getByLabel("Search by name").fill(word);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel(`Actions for Plain ${word}`).click();
    await page.getByRole("link", { name: "Rename" }).click();
    await page.getByLabel("Name", { exact: true }).fill(`Renamed ${word}`);
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByText(`Renamed to Renamed ${word}.`)).toBeVisible();
    await page.getByLabel(`Actions for Renamed ${word}`).click();
    await page.getByRole("button", { name: "Move to trash" }).click();
    await expect(page.getByText(`Moved Renamed ${word} to trash.`)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("link", { name: `Renamed ${word}` })).toBeVisible();
  });
});
