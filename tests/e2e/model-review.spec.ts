import type { Page } from "@playwright/test";
import { bar, selectLines } from "./support/conversation";
import { cards, redlineButtons, reviewed, storedText, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { test as withoutModel } from "./support/test";
import { expect, expectAccessible, photograph, testWithModel } from "./support/with-model";
import { SCRIPT_NOT_RUN } from "./support/without-script";

const test = testWithModel({ protocol: "bedrock" });

const MEAN = `export function mean(values: number[]) {
  let sum = 0;
  for (let at = 0; at <= values.length; at++) {
    sum += values[at];
  }
  return sum / values.length;
}
`;

const FINISH = { name: "finish_review", input: { summary: "That is all.", confidence: "high" } };

const finding = (more: object) => ({
  name: "report_finding",
  input: {
    ...{ path: "mean.ts", start_line: 3, end_line: 3, severity: "major", rule: "off-by-one" },
    ...{
      title: "The loop reads one past the end",
      explanation: "The last round adds `undefined`.",
      confidence: "high",
    },
    ...more,
  },
});

const OFF_BY_ONE = finding({
  edits: [
    {
      ...{ path: "mean.ts", start_line: 3, end_line: 3 },
      original: "  for (let at = 0; at <= values.length; at++) {",
      replacement: "  for (let at = 0; at < values.length; at++) {",
    },
  ],
});

async function open(page: Page, files: Record<string, string>): Promise<string> {
  await page.goto("/");
  const id = await makeSession(page, "Means", files);
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  return id;
}

const strip = (page: Page) => page.getByTestId("model-review-strip");
const progress = (page: Page) => page.getByTestId("model-review-progress");

async function start(page: Page, scope = "Whole file"): Promise<void> {
  await page.getByRole("link", { name: "Review with model…" }).click();
  if (scope !== "Whole file") {
    await page.getByLabel(scope).check();
    await expect(page).toHaveURL(/scope=/);
  }
  await expect(page.getByLabel("Token budget")).toBeVisible();
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(page).toHaveURL(/\/sessions\/ses_\w+\?file=/);
}

test("a session in the trash has no review with a model to choose, and its page says so", async ({ page }) => {
  const id = await open(page, { "mean.ts": MEAN });
  await page.getByLabel("More").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await page.goto(`/sessions/${id}/model-review`);
  await expect(page.getByText("This session is in the trash and read-only")).toBeVisible();
  await expect(page.getByRole("radio")).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await expectAccessible(page);
  await photograph(page, "model-review-in-trash");
  await page.getByRole("link", { name: /^Means/ }).click();
  await expect(page.getByText("in the trash and read-only")).toBeVisible();
});

test("the estimate is shown, the review runs, and its fix is accepted", async ({ page, model }) => {
  const id = await open(page, { "mean.ts": MEAN });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  model.script(async () => {
    await released;
    return { toolCalls: [OFF_BY_ONE, FINISH] };
  });
  await page.getByRole("link", { name: "Review with model…" }).click();
  await expect(page.getByText(/tokens|about [\d,]+ in/).first()).toBeVisible();
  await expect(page.getByText("no price configured")).toBeVisible();
  await expectAccessible(page);
  await photograph(page, "model-review-request");
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(progress(page)).toContainText("Model reviewing mean.ts · 0 of 1 file");
  release();
  await expect(strip(page)).toContainText("Model reviewed v1");
  await expect(strip(page)).toContainText("1 covered");
  await expect(strip(page)).toContainText("1 new");
  const card = cards(page).filter({ hasText: "The loop reads one past the end" });
  await card.getByRole("link").first().click();
  await expect(card).toContainText("reported by bedrock:test-model");
  await expect(card).toContainText("Review first");
  await strip(page).locator("summary").click();
  await expectAccessible(page);
  await photograph(page, "model-review");
  await redlineButtons(page, "Accept").first().click();
  await expect(version(page)).toContainText("v2");
  expect(await storedText(page, id, "mean.ts")).toContain("at < values.length");
});

test("selected lines lead to a model review of those lines only", async ({ page, model }) => {
  await open(page, { "mean.ts": MEAN });
  model.answer({ toolCalls: [OFF_BY_ONE, FINISH] });
  await selectLines(page, "for (let at", "sum += values");
  await bar(page).getByRole("link", { name: "Review…" }).click();
  await expect(page.getByLabel("Selected lines")).toBeChecked();
  await expect(page.getByLabel("From line")).toHaveValue("3");
  await expect(page.getByLabel("To line")).toHaveValue("4");
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(strip(page)).toContainText("Model reviewed v1");
  await expect(cards(page).first()).toContainText("The loop reads one past the end");
});

test("a model review of several files shows its progress; when it is cancelled, its findings stay", async ({
  page,
  model,
}) => {
  await open(page, { "mean.ts": MEAN, "other.ts": MEAN });
  model.answer({ toolCalls: [OFF_BY_ONE, FINISH] }, { fault: { kind: "silent" } });
  await start(page, "All files");
  await expect(progress(page)).toContainText("reviewing other.ts · 1 of 2 files");
  await expect(progress(page)).toContainText("1 finding so far");
  await progress(page).getByRole("button", { name: "Cancel" }).click();
  await expect(strip(page)).toContainText("Model review of v1 cancelled");
  await expect(strip(page)).toContainText("1 covered · 1 skipped");
  await strip(page).locator("summary").click();
  await expect(strip(page)).toContainText("other.ts skipped: the review was cancelled");
  await expect(cards(page).filter({ hasText: "The loop reads one past the end" })).toBeVisible();
});

test("findings without room near their lines are folded: the worst are shown, the rest on demand", async ({
  page,
  model,
}) => {
  const lines = Array.from({ length: 26 }, (_, at) => `load(${at});`).join("\n");
  await open(page, { "many.ts": `import { load } from "./load";\n${lines}\n` });
  const before = await cards(page).count();
  const letters = "abcdefghijklmnopqrstuvwxyz";
  model.answer({
    toolCalls: [
      ...Array.from({ length: 26 }, (_, at) =>
        finding({
          ...{ path: "many.ts", start_line: at + 2, end_line: at + 2, rule: `problem-${letters[at]}` },
          ...{ title: `Quirk ${letters[at]} of load`, severity: at < 2 ? "minor" : "major" },
        }),
      ),
      FINISH,
    ],
  });
  await start(page);
  await expect(strip(page)).toContainText("26 new");
  const more = page.getByRole("link", { name: /^\d+ more findings$/ });
  await expect(more).toBeVisible();
  expect(await cards(page).count()).toBeLessThan(before + 26);
  await more.click();
  await expect(cards(page)).toHaveCount(before + 26);
});

test("the files that the model skipped are listed with the reasons", async ({ page, model }) => {
  await open(page, { "mean.ts": MEAN });
  model.script(() => ({ text: "I cannot help with that.", stop: "refusal" }));
  await start(page);
  await expect(strip(page)).toContainText("1 skipped");
  await strip(page).locator("summary").click();
  await expect(strip(page)).toContainText("the model declined: I cannot help with that.");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("the estimate, the review and its findings are plain pages and forms", async ({ page, model, noise }) => {
    noise.expect(SCRIPT_NOT_RUN);
    await page.goto("/");
    const id = await makeSession(page, "Means", { "mean.ts": MEAN });
    model.answer({ toolCalls: [OFF_BY_ONE, FINISH] });
    await page.goto(`/sessions/${id}/model-review?file=mean.ts`);
    await page.getByLabel("Selected lines").check();
    await page.getByRole("button", { name: "Show estimate" }).click();
    await page.getByLabel("To line").fill("4");
    await page.getByRole("button", { name: "Show estimate" }).click();
    await page.getByRole("button", { name: "Start review" }).click();
    await expect(async () => {
      await page.goto(`/sessions/${id}`);
      await expect(strip(page)).toContainText("Model reviewed v1", { timeout: 500 });
    }).toPass();
    await expect(page.getByText("The loop reads one past the end").first()).toBeVisible();
  });
});

withoutModel("with no model it says what is missing, and where to look", async ({ page }) => {
  await page.goto("/");
  const id = await makeSession(page, "Means", { "mean.ts": MEAN });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  await page.getByRole("link", { name: "Review with model…" }).click();
  await expect(page.getByRole("main")).toContainText("REDLINE_MODEL");
  await expect(page.getByRole("main").getByRole("link", { name: "Settings → Model" })).toBeVisible();
});
