/** A disk that is full while people work: what they read, what is kept, and how it goes on when there is space again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileDiskFaults, DiskControl, type DiskFault, diskFaultsEnv } from "../faults/support/disk-faults";
import { CART } from "./support/cart";
import { type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { editor, reviewed, saveState, storedText, typeAfter, version } from "./support/review";
import { makeSession } from "./support/sessions";
import { test as base, expect, expectAccessible, photograph } from "./support/test";

const compiled = compileDiskFaults();

const test = base.extend<object, { disk: DiskControl; product: RunningProduct }>({
  disk: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "redline-control-"));
      const control = new DiskControl(join(folder, "control"));
      await use(control);
      control.close();
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
  product: [
    async ({ disk }, use) => {
      const dataDir = mkdtempSync(join(tmpdir(), "redline-e2e-"));
      const library = "library" in compiled ? compiled.library : "";
      const product = await startProduct({ dataDir, env: diskFaultsEnv(library, dataDir, disk.path) });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
});

test.skip("missing" in compiled, "missing" in compiled ? compiled.missing : "");

const FULL =
  /The disk that holds Redline's data \(.+\) is full\. Nothing was changed, and what was saved before is kept\./;
const full: DiskFault = { error: "ENOSPC", kinds: ["write", "create"], after: 0, lasting: true, shortBy: 0 };

async function healthOf(url: string): Promise<{ httpStatus: number; status: string; reason?: string }> {
  const response = await fetch(`${url}/health`);
  return { httpStatus: response.status, ...((await response.json()) as { status: string; reason?: string }) };
}

test("edits are kept and shown as unsaved while the disk is full, and saved when there is space", async ({
  page,
  noise,
  disk,
  product,
}) => {
  noise.expect(/503/);
  await page.goto("/rules");
  const id = await makeSession(page, "Cart", { "cart.ts": CART });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  expect(await healthOf(product.url)).toMatchObject({ httpStatus: 200, status: "ok" });

  disk.fail(full);
  await typeAfter(page, "let sum = 0;", " // kept");
  await editor(page).press("Control+s");
  await expect(page.getByText(FULL).first()).toBeVisible();
  await expect(saveState(page)).toContainText("saved in this browser only: The disk that holds");
  await expectAccessible(page);
  await photograph(page, "full-disk");
  await expect
    .poll(() => healthOf(product.url))
    .toMatchObject({ httpStatus: 503, status: "failing", reason: expect.stringMatching(FULL) });
  // The page can be loaded, with what was saved and what was typed.
  await page.reload();
  await expect(editor(page)).toContainText("let sum = 0; // kept");
  await expect(version(page)).toContainText("v1");
  expect(await storedText(page, id, "cart.ts")).not.toContain("// kept");

  disk.heal();
  await expect.poll(() => healthOf(product.url)).toMatchObject({ httpStatus: 200, status: "ok" });
  await expect(saveState(page)).toHaveText("saved as draft");
  await editor(page).press("Control+s");
  await expect(version(page)).toContainText("v2 · saved");
  expect(await storedText(page, id, "cart.ts")).toContain("// kept");
});

test("a new session is refused with the code still in the form, and created when there is space", async ({
  page,
  noise,
  disk,
}) => {
  noise.expect(/503/);
  await page.goto("/sessions/new");
  const code = page.getByRole("textbox", { name: /code/i }).first();
  await code.fill("export const kept = 1;\n");
  disk.fail(full);
  await page.getByRole("button", { name: "Review", exact: false }).first().click();
  await expect(page.getByText(FULL).first()).toBeVisible();
  await expect(code).toHaveValue("export const kept = 1;\n");
  disk.heal();
  await expect(async () => {
    await page.getByRole("button", { name: "Review", exact: false }).first().click();
    await expect(page).toHaveURL(/\/sessions\/ses_/, { timeout: 2_000 });
  }).toPass();
});

test("a start on a full disk is refused in one sentence, without a stack trace", async ({ disk }) => {
  const dataDir = mkdtempSync(join(tmpdir(), "redline-e2e-"));
  const library = "library" in compiled ? compiled.library : "";
  disk.fail(full);
  const refusal = await startProduct({ dataDir, env: diskFaultsEnv(library, dataDir, disk.path) }).then(
    () => "it started",
    (error: Error) => error.message,
  );
  disk.heal();
  removeDataDir(dataDir);
  expect(refusal).toBe(
    `The product ended with 1: The disk that holds Redline's data (${dataDir}) is full. ` +
      "Nothing was changed. Free some space there and start again.",
  );
});
