import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { type ModelServer, startModelServer } from "../support/model-server/index";
import { fillLedger } from "./support/ledger";
import { palette } from "./support/palette";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { expect, expectAccessible, photograph, test } from "./support/test";
import { SCRIPT_NOT_RUN } from "./support/without-script";

/** A product with a model, and a ledger of 26 days. */
const used = test.extend<object, { model: ModelServer; product: RunningProduct }>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const model = await startModelServer();
      await use(model);
      await model.stop();
    },
    { scope: "worker" },
  ],
  product: [
    async ({ model }, use) => {
      const dataDir = newDataDir();
      await fillLedger(dataDir);
      const product = await startProduct({ dataDir, env: model.env("openai") });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
});

const rows = (page: Page) => page.getByRole("table", { name: "Model calls" }).locator("tbody tr");

async function setBudget(page: Page, tokens: string) {
  await page.goto("/settings/model");
  await page.getByLabel("Tokens per day").fill(tokens);
  await page.getByRole("button", { name: "Save budget" }).click();
}

test.describe("without a model", () => {
  test("the settings say so, with how to connect one and what that adds", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page).toHaveURL(/\/settings\/model$/);
    await expect(page.getByText("No model is connected.")).toBeVisible();
    for (const name of ["Amazon Bedrock", "Ollama", "llama.cpp", "vLLM"]) {
      await expect(page.getByRole("heading", { name })).toBeVisible();
    }
    await expect(page.getByRole("heading", { name: "Built-in reviewer: what it does and doesn't do" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Test model" })).toHaveCount(0);
    await expectAccessible(page);
    await photograph(page, "settings-model-none");
  });

  test("the usage page is empty, and says what it will show", async ({ page }) => {
    await page.goto("/settings/usage");
    await expect(page.getByRole("heading", { name: "No model calls in this period" })).toBeVisible();
    await expect(page.getByText("No daily budget.")).toBeVisible();
    await expectAccessible(page);
    await photograph(page, "settings-usage-none");
    await page.getByRole("link", { name: "View active model" }).click();
    await expect(page).toHaveURL(/\/settings\/model$/);
  });

  test("the palette opens both pages", async ({ page }) => {
    // Where scripts do not run yet, it is a link to the list of sessions.
    await expect(async () => {
      await page.goto("/rules");
      await page.getByRole("link", { name: "Command palette" }).click();
      await expect(palette(page)).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await palette(page).fill("usage");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/settings\/usage$/);
    await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
    await page.goto("/settings");
    await expect(page).toHaveURL(/\/settings\/model$/);
  });
});

used.describe("with a model", () => {
  used.beforeEach(({ model }) => model.reset());

  used("it is shown, and testing it shows its reply, latency and cost", async ({ page, model }) => {
    await page.goto("/settings/model");
    const models = page.getByRole("table", { name: "Models by task" });
    await expect(models).toContainText("Everything");
    await expect(models).toContainText("test-model");
    await expect(models).toContainText("with a key");
    expect(await page.content()).not.toContain("key-of-the-test-model");
    model.answer({ text: "Ready to review." });
    await page.getByRole("button", { name: "Test model" }).click();
    await expect(page.getByText("Ready to review.")).toBeVisible();
    await expect(page.getByText(/responded in/)).toBeVisible();
    await expectAccessible(page);
    await photograph(page, "settings-model");
    expect(model.calls).toHaveLength(1);
    await page.getByRole("link", { name: "Usage", exact: true }).click();
    await expect(rows(page).first()).toContainText("Model test");
    await expect(rows(page).first()).toContainText("Done");
  });

  used("a failed test shows the error of the model's server", async ({ page, model }) => {
    model.answer({ fault: { kind: "http", status: 401, message: "No such key." } });
    await page.goto("/settings/model");
    await page.getByRole("button", { name: "Test model" }).click();
    await expect(page.getByRole("alert")).toContainText("didn't respond");
    await expect(page.getByRole("alert")).toContainText("MODEL_UNAVAILABLE");
    await expectAccessible(page);
  });

  used("a budget refuses a call before anything is spent, with the numbers", async ({ page, model, noise }) => {
    noise.expect(/status of 400|response 400/);
    await setBudget(page, "as many as you like");
    await expect(page.getByText(/whole number of tokens from 1/)).toBeVisible();
    await expect(page.getByLabel("Tokens per day")).toHaveValue("as many as you like");
    await setBudget(page, "50");
    await expect(page.getByText("Daily budget saved.", { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByLabel("Tokens per day")).toHaveValue("50");
    await page.getByRole("button", { name: "Test model" }).click();
    await expect(page.getByRole("alert")).toContainText(/of today's 50 are left.*Nothing was spent/);
    expect(model.requests).toHaveLength(0);
    await page.goto("/settings/usage");
    await expect(page.getByText(/ of 50 tokens/)).toBeVisible();
    await setBudget(page, "");
    await expect(page.getByText("Daily budget removed.", { exact: true })).toBeVisible();
    await page.goto("/settings/usage");
    await expect(page.getByText("No daily budget.")).toBeVisible();
    await setBudget(page, "60 000");
    await expect(page.getByText("Daily budget saved.", { exact: true })).toBeVisible();
    await expect(page.getByLabel("Tokens per day")).toHaveValue("60,000");
  });

  used("custom instructions are counted as they are typed, and kept", async ({ page, noise }) => {
    noise.expect(/status of 400|response 400/);
    await page.goto("/settings/model");
    const field = page.getByLabel("Instructions", { exact: true });
    await field.fill("x".repeat(4_001));
    await expect(page.getByText("1 characters over the limit.")).toBeVisible();
    await page.getByRole("button", { name: "Save instructions" }).click();
    await expect(page.getByText("Custom instructions are limited to 4,000 characters.")).toBeVisible();
    await expect(field).toHaveValue("x".repeat(4_001));
    await field.fill("Prefer early returns.\nAnswer briefly.");
    await expect(page.getByText("37 of 4,000 characters.")).toBeVisible();
    await page.getByRole("button", { name: "Save instructions" }).click();
    await expect(page.getByText("Custom instructions saved.", { exact: true })).toBeVisible();
    await page.reload();
    await expect(field).toHaveValue("Prefer early returns.\nAnswer briefly.");
  });

  used("usage is charted by day, summed by purpose and listed by call", async ({ page }) => {
    await page.goto("/settings/usage");
    await expect(page.getByText(/ of 60,000 tokens/)).toBeVisible();
    // Drawn with the page, by the server.
    const html = await (await page.request.get("/settings/usage")).text();
    expect(html.match(/class="day-chart"/g)).toHaveLength(2);
    await expect(page.locator(".day-chart-day").first()).toBeVisible();
    await expect(page.getByRole("table", { name: "Tokens and cost by purpose" })).toContainText("Review");
    await expect(rows(page)).toHaveCount(50);
    await expectAccessible(page);
    await photograph(page, "settings-usage");
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.getByText("Daily totals").focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("table", { name: "Tokens and cost by day and purpose" })).toBeVisible();
    await page.getByRole("link", { name: "Older" }).click();
    await expect(page).toHaveURL(/cursor=/);
    await expect(rows(page)).not.toHaveCount(50);
    await page.getByRole("link", { name: "Newest" }).click();
    await expect(rows(page)).toHaveCount(50);
  });

  used("nothing on the page is wider than a phone", async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    for (const path of ["/settings/usage", "/settings/model"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
      expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(360);
    }
  });

  used("calls are filtered by purpose and outcome, days by the range, all in the URL", async ({ page }) => {
    await page.goto("/settings/usage");
    await page.getByLabel("Purpose", { exact: true }).selectOption("Fix");
    await expect(page).toHaveURL(/task=fix/);
    await expect(rows(page).first().getByRole("link")).toHaveText("Fix");
    await page.getByLabel("Status").selectOption("Done");
    await expect(page).toHaveURL(/task=fix&status=done/);
    await expect(rows(page).filter({ hasNotText: "Done" })).toHaveCount(0);
    await expect(rows(page).first()).toContainText("Fix");
    await page.getByRole("link", { name: "7 days" }).click();
    await expect(page).toHaveURL(/task=fix&status=done&from=/);
    await page.goto("/settings/usage?from=2026-02-30&to=2026-03-01");
    await expect(page.getByText("That day is not in the calendar.")).toBeVisible();
    await page.goto("/settings/usage?from=2001-01-01&to=2001-01-02");
    await expect(page.getByRole("heading", { name: "No model calls in this period" })).toBeVisible();
  });

  used("the ledger is exported as CSV, every call of the days", async ({ page }) => {
    await page.goto("/settings/usage");
    const calls = Number(await page.locator("dt:has-text('Calls') + dd").textContent());
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^redline-usage-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    const lines = readFileSync(await download.path(), "utf8").split("\r\n");
    expect(lines[0]).toMatch(/^call,started_at,user,purpose,/);
    // Its own line, one for each call, and the end. None is under way: what was when its process ended is not known.
    expect(lines).toHaveLength(1 + calls + 1);
    expect(lines.filter((line) => line.includes(",unknown,"))).toHaveLength(1);
  });

  used.describe("without JavaScript", () => {
    used.use({ javaScriptEnabled: false });
    used.beforeEach(({ noise }) => noise.expect(SCRIPT_NOT_RUN));

    used("forms work, and the numbers are in tables", async ({ page, model, noise }) => {
      noise.expect(/response 400|status of 400/);
      model.answer({ text: "Ready without a script." });
      await page.goto("/settings/model");
      await page.getByRole("button", { name: "Test model" }).click();
      await expect(page.getByText("Ready without a script.")).toBeVisible();
      await setBudget(page, "70,000");
      await expect(page.getByText("Daily budget saved.", { exact: true })).toBeVisible();
      await setBudget(page, "-1");
      await expect(page.getByText(/whole number of tokens from 1/)).toBeVisible();
      await expect(page.getByLabel("Tokens per day")).toHaveValue("-1");
      await page.getByLabel("Instructions", { exact: true }).fill("Line one\nline two");
      await page.getByRole("button", { name: "Save instructions" }).click();
      await expect(page.getByLabel("Instructions", { exact: true })).toHaveValue("Line one\nline two");
      await page.goto("/settings/usage");
      await expect(page.getByText(/ of 70,000 tokens/)).toBeVisible();
      await expect(page.locator("figure .day-chart").first()).toBeVisible();
      await page.getByText("Daily totals").click();
      await expect(page.getByRole("table", { name: "Tokens and cost by day and purpose" })).toBeVisible();
      await page.getByLabel("Purpose", { exact: true }).selectOption("Review");
      await page.getByRole("search", { name: "Calls" }).getByRole("button", { name: "Filter" }).click();
      await expect(rows(page).first().getByRole("link")).toHaveText("Review");
    });
  });
});
