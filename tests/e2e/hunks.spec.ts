import type { Page } from "@playwright/test";
import { makeDifference, sendLocally } from "./support/differences";
import { reviewed, version } from "./support/review";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const numbered = (count: number, change: (line: string, at: number) => string[] = (line) => [line]): string =>
  Array.from({ length: count }, (_, at) => change(`export const v${at + 1} = ${at + 1};`, at + 1))
    .flat()
    .map((line) => `${line}\n`)
    .join("");

const BEFORE = numbered(30);
const AFTER = numbered(30, (line, at) => {
  if (at === 3) return [line, "export const added = 1;", "export const also = 2;"];
  if (at === 14) return ["export const v14 = 1400;"];
  if (at === 25) return [];
  return [line];
});

const FILES = [
  { path: "src/values.ts", before: BEFORE, after: AFTER },
  { path: "src/words.ts", before: 'export const a = "a";\n', after: 'export const a = "b";\n' },
];

type Staged = { path: string; text: string | null };
type Decided = { number: number; state: string; note: string };

async function openDifference(page: Page, id: string): Promise<void> {
  await page.goto(`/sessions/${id}?file=src%2Fvalues.ts`);
  await reviewed(page, { withEditor: false });
}

const bar = (page: Page, hunk: number) => page.locator(`.hunk-bar[data-hunk="${hunk}"]`);

test("hunks are accepted and rejected one by one: what is rejected is gone from the code, what is accepted is to be staged", async ({
  page,
  product,
}) => {
  const id = await makeDifference(product, FILES);
  await openDifference(page, id);
  await expect(page.getByText("0 of 4 hunks decided").first()).toBeVisible();
  await bar(page, 0).getByRole("button", { name: "Accept change 1" }).click();
  await expect(bar(page, 0)).toContainText("✓ Accepted");
  await expect(page.getByText("1 of 4 hunks decided").first()).toBeVisible();
  await bar(page, 1).getByText("Note").click();
  await bar(page, 1).getByLabel("Note on change 2").fill("Fourteen is right.");
  await bar(page, 1).getByRole("button", { name: "Reject change 2" }).click();
  await expect(version(page)).toContainText("v3");
  await expect(page.locator(".hunk-reverted")).toContainText("Rejected by You: 1 line added, 1 line removed");
  await expect(page.locator(".hunk-reverted del")).toHaveText("export const v14 = 1400;\n");
  await expect(page.locator(".hunk-reverted")).toContainText("Fourteen is right.");
  await expect(page.getByText("2 of 4 hunks decided").first()).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "hunks");

  const { body } = await sendLocally(product, `/differences/${id}/decisions`);
  const [staged] = body.stage as Staged[];
  expect(staged?.text).toBe(
    AFTER.replace("v14 = 1400", "v14 = 14").replace("v24 = 24;\n", "v24 = 24;\nexport const v25 = 25;\n"),
  );
  expect((body.decisions as Decided[]).map(({ state, note }) => [state, note])).toEqual([
    ["accepted", ""],
    ["reverted", "Fourteen is right."],
  ]);
  const message = await sendLocally(product, `/differences/${id}/message`);
  expect(message.body.text).toContain("Fourteen is right.");
  expect(await (await page.request.get(`/sessions/${id}/prompt`)).text()).toBe(message.body.text);

  await page.locator(".hunk-reverted").getByRole("button", { name: "Undo" }).click();
  await expect(version(page)).toContainText("v4");
  await expect(page.locator(".hunk-reverted")).toHaveCount(0);
  await expect(bar(page, 1).getByRole("button", { name: "Accept change 2" })).toBeVisible();
  await expect(bar(page, 0)).toContainText("✓ Accepted");
});

test("everything works by the keyboard: step, select lines, accept, reject, write a note, go to what is undecided", async ({
  page,
  product,
}) => {
  const id = await makeDifference(product, FILES);
  await openDifference(page, id);
  await page.keyboard.press("n");
  await page.keyboard.press("l");
  await page.keyboard.press("l");
  await page.keyboard.press("L");
  await expect(page.getByRole("toolbar", { name: "Decide on 1 changed line" })).toBeVisible();
  await page.keyboard.press("x");
  await expect(version(page)).toContainText("v3");
  await expect(page.locator(".hunk-reverted del")).toHaveText("export const also = 2;\n");
  await page.keyboard.press("n");
  await page.keyboard.press("y");
  await expect(page.locator('.hunk-bar[data-state="accepted"]')).toHaveCount(1);
  await page.keyboard.press("m");
  await expect(page.locator(".hunk-note textarea:focus")).toHaveCount(1);
  await page.keyboard.type("Keep it.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(version(page)).toContainText("v4");
  await expect(page.getByText("Keep it.")).toBeVisible();
  await page.keyboard.press("N");
  await page.keyboard.press("V");
  await expect(page.locator('.hunk-viewed[aria-pressed="true"]')).toHaveCount(1);
  await page.keyboard.press("?");
  await expect(page.getByText("Accept the change, or the selected lines")).toBeVisible();
  await page.keyboard.press("Escape");
});

test("while an agent is at work rejections wait for the end of its turn, and say so", async ({ page, product }) => {
  const id = await makeDifference(product, FILES);
  await sendLocally(product, `/differences/${id}/turns`, { state: "start", label: "turn 3" });
  await openDifference(page, id);
  await expect(page.getByText("The agent is at work (turn 3)")).toBeVisible();
  await bar(page, 0).getByRole("button", { name: "Reject change 1" }).click();
  await expect(bar(page, 0)).toContainText("it takes effect when the agent's turn ends");
  await expect(page.locator('[data-decided="pending"]')).toHaveCount(2);
  await expect(version(page)).toContainText("v2");
  await photograph(page, "hunks-turn");
  await expectAccessible(page);
  await page.getByRole("button", { name: "End its turn now" }).click();
  await expect(version(page)).toContainText("v3");
  await expect(page.locator(".hunk-reverted")).toContainText("2 lines added");
  await expect(page.getByText("The agent is at work")).toHaveCount(0);
});

test("selected lines have one toolbar: the decisions first, then what can be asked", async ({ page, product }) => {
  const id = await makeDifference(product, FILES);
  await openDifference(page, id);
  await page.locator('[data-change="added"]', { hasText: "added = 1" }).click({ clickCount: 3 });
  const toolbar = page.getByRole("toolbar");
  await expect(toolbar.getByRole("button", { name: "Margin note" })).toBeVisible();
  await expect(toolbar).toHaveCount(1);
  const names = await toolbar.locator("button, a").allTextContents();
  expect(names.slice(0, 4)).toEqual(["Accept lines", "Reject lines", "Note", "Margin note"]);
  expect(new Set(names).size).toBe(names.length);
  await expectAccessible(page);
  await photograph(page, "decide-bar");
  await toolbar.getByRole("button", { name: "Margin note" }).click();
  await expect(page.locator(".composer textarea:focus")).toHaveCount(1);
});

const RIVALS = ["a", "b"].map((name) => ({
  path: `src/${name}.ts`,
  before: "export const one = 1;\n",
  after: `export const one = 1;\n${name === "a" ? "debugger;\n" : ""}export const same = (a: number) => a == 1;\n`,
}));

test("the file that was opened unasked stays open when what made it the worst is rejected", async ({
  page,
  product,
}) => {
  const id = await makeDifference(product, RIVALS);
  await page.goto(`/sessions/${id}`);
  await reviewed(page, { withEditor: false });
  await expect(page).toHaveURL(/\?file=src%2Fa\.ts$/);
  await bar(page, 0).getByRole("button", { name: "Reject change 1" }).click();
  await expect(version(page)).toContainText("v3");
  await expect(page.locator(".hunk-reverted")).toContainText("2 lines added");
  await expect(page.getByRole("region", { name: "Code of src/a.ts" })).toBeVisible();
});

test("with many files the page itself doesn't scroll, and stepping leaves its header in place", async ({
  page,
  product,
}) => {
  const many = Array.from({ length: 120 }, (_, at) => ({
    ...{ path: `src/many/file-${at}.ts`, before: "export {};\n" },
    after: `export const v${at} = ${at};\n`,
  }));
  await page.setViewportSize({ width: 1440, height: 900 });
  const id = await makeDifference(product, many);
  await page.goto(`/sessions/${id}`);
  await reviewed(page, { withEditor: false });
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900);
  await page.keyboard.press("n");
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test("decides with a narrow screen, without anything wider than it", async ({ page, product }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const id = await makeDifference(product, FILES);
  await openDifference(page, id);
  await bar(page, 0).getByRole("button", { name: "Accept change 1" }).click();
  await expect(bar(page, 0)).toContainText("✓ Accepted");
  await bar(page, 2).getByRole("button", { name: "Reject change 3" }).click();
  await expect(page.locator(".hunk-reverted")).toContainText("1 line removed");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the file that was opened unasked stays open", async ({ page, product, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    const id = await makeDifference(product, RIVALS);
    await expect(async () => {
      await page.goto(`/sessions/${id}`);
      await expect(page.getByText(/^Reviewed v\d+$/)).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByRole("region", { name: "Code of src/a.ts" })).toBeVisible();
    await bar(page, 0).getByRole("button", { name: "Reject change 1" }).click();
    await expect(page.getByText("Rejected. Reverted in v3.")).toBeVisible();
    await expect(page).toHaveURL(/\?file=src%2Fa\.ts$/);
  });

  test("hunks are decided by plain forms", async ({ page, product, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    const id = await makeDifference(product, FILES);
    await page.goto(`/sessions/${id}?file=src%2Fvalues.ts`);
    await bar(page, 0).getByRole("button", { name: "Accept change 1" }).click();
    await expect(bar(page, 0)).toContainText("✓ Accepted");
    await bar(page, 1).getByRole("button", { name: "Reject change 2" }).click();
    await expect(page.getByText("Rejected. Reverted in v3.")).toBeVisible();
    await page.locator(".hunk-reverted").getByRole("button", { name: "Undo" }).click();
    await expect(bar(page, 1).getByRole("button", { name: "Reject change 2" })).toBeVisible();
  });
});
