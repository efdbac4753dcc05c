/** A coding agent, connected by MCP to the built product: it proposes, a person decides in the browser, and it is told. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Page } from "@playwright/test";
import { redlineButtons, reviewed } from "./support/review";
import { expect, expectAccessible, test } from "./support/test";

const CODE = Array.from({ length: 12 }, (_, at) => `export const v${at} = ${at};\n`).join("");
const MAIN = resolve("packages/cli/src/main.ts");
const TSX = resolve("node_modules/tsx/dist/loader.mjs");

let root: string;
let agent: Client;

test.beforeAll(async ({ product }) => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "redline-agent-")));
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  writeFileSync(join(root, "a.ts"), CODE);
  const env = { PATH: process.env.PATH ?? "", REDLINE_DATA: product.dataDir };
  const transport = new StdioClientTransport({
    ...{ command: process.execPath, args: ["--import", TSX, MAIN, "mcp"], cwd: root, env },
  });
  agent = new Client({ name: "agent", title: "Helpful Agent", version: "1.0.0" }, {});
  await agent.connect(transport);
});

test.afterAll(async () => {
  await agent.close();
  rmSync(root, { recursive: true, force: true });
});

type Answer = {
  id: string;
  url: string;
  status: string;
  hunks: { decision: string }[];
  notes: { text: string }[];
};

async function call(name: string, args: Record<string, unknown>): Promise<Answer> {
  const { isError, content, structuredContent } = await agent.callTool({ name, arguments: args });
  expect(isError, JSON.stringify(content)).toBeFalsy();
  return structuredContent as Answer;
}

const edit = (at: number) => ({ path: "a.ts", search: `v${at} = ${at};`, replace: `v${at} = ${at}0;` });
const thread = (page: Page, name = "Multiply some") => page.getByRole("region", { name });

test("a person accepts a hunk, rejects another with a note, and the agent is told", async ({ page }) => {
  const edits = [edit(2), edit(6), edit(10)].map((each) => ({
    ...each,
    search: `export const ${each.search}\n`,
    replace: `export const ${each.replace}\n`,
  }));
  const proposed = await call("propose_change", { summary: "Multiply some", explanation: "They are small.", edits });
  await page.goto(proposed.url);
  await reviewed(page);
  await expect(page.getByText("Helpful Agent")).toBeVisible();
  await expect(thread(page)).toContainText("parses · adds no problems");
  await expect(redlineButtons(page, "Accept")).toHaveCount(3);
  await expectAccessible(page);
  const waiting = call("get_decision", { id: proposed.id });
  await redlineButtons(page, "Accept").nth(1).click();
  await expect(page.locator(".review-version")).toContainText("v2");
  await redlineButtons(page, "Reject").first().click();
  await expect(redlineButtons(page, "Reject")).toHaveCount(1);
  await page.getByLabel("Reply").fill("Leave the first one.");
  await page.getByRole("button", { name: "Add note" }).click();
  expect(await waiting).toMatchObject({ status: "open", notes: [{ text: "Leave the first one." }] });
  await thread(page).getByRole("button", { name: "Accept remaining" }).click();
  await expect(thread(page)).toContainText("Applied as");
  const decision = await call("get_decision", { id: proposed.id });
  expect(decision.status).toBe("decided");
  expect(decision.hunks.map((hunk) => hunk.decision)).toEqual(["rejected", "accepted", "accepted"]);
  const wanted = CODE.replace("v6 = 6;", "v6 = 60;").replace("v10 = 10;", "v10 = 100;");
  expect(readFileSync(join(root, "a.ts"), "utf8")).toBe(wanted);
});

test("a proposal is read on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const edits = [{ ...edit(3), search: "export const v3 = 3;\n", replace: "export const v3 = 30;\n" }];
  const { url } = await call("propose_change", { summary: "Multiply one", edits });
  await page.goto(url);
  await expect(redlineButtons(page, "Accept")).toHaveCount(1);
  await page.getByText(/threads \(\d+\)/).click();
  await expect(thread(page, "Multiply one").getByRole("button", { name: "Accept" })).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
