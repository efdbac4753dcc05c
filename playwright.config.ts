import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/browser.mjs";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  // Bounds for what hangs: a busy machine takes many times as long as a quiet one.
  timeout: 10 * 60_000,
  expect: { timeout: 2 * 60_000 },
  // Each worker has a product of its own: four processes and a browser.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [["line"], ["json", { outputFile: process.env.REDLINE_TEST_REPORT ?? ".cache/test/browser.json" }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    // A trace costs a quarter of the processor time; `--trace retain-on-failure` records one.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
