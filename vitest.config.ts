import { defineConfig } from "vitest/config";

/** `npm run test:long` sets it: more rounds of the fault tests, and the suites that take minutes. */
const isLong = process.env.REDLINE_LONG === "1";

export default defineConfig({
  test: {
    include: isLong
      ? ["tests/{long,faults}/**/*.test.ts"]
      : [
          "packages/**/*.test.ts",
          "app/**/*.test.{ts,tsx}",
          "tests/{conformance,faults,house,launcher,security}/**/*.test.ts",
        ],
    testTimeout: isLong ? 20 * 60_000 : 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
