import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * `npm run test:long` sets it: the suites that take minutes, and fault tests with `1` in all of their rounds, with `ci` in as
 * many as CI has time for.
 */
const isLong = Boolean(process.env.REDLINE_LONG);

/** CI runs the long tests beside `npm test`: they hold the fault tests already, with more rounds. */
const isLongBeside = process.env.REDLINE_LONG_BESIDE === "1";

/** The compiled routes, for tests that send whole requests to the app. */
const SERVER_BUILD = fileURLToPath(new URL("./tests/support/server-build.ts", import.meta.url));

const SHARED = {
  extends: true as const,
  test: {
    name: "shared processes",
    include: [
      "packages/**/*.test.ts",
      "app/**/*.test.{ts,tsx}",
      "tests/{architecture,conformance,guides,launcher,security}/**/*.test.ts",
    ],
    isolate: false,
    setupFiles: ["tests/support/fresh-state.ts", "tests/support/seed.ts"],
    // Reads the environment when it is loaded, so each file loads its own.
    server: { deps: { inline: ["sst"] } },
  },
};
/** Each has a process of its own, which it may wear out. */
const FAULTS = {
  extends: true as const,
  test: { name: "faults", include: ["tests/faults/**/*.test.ts"], setupFiles: ["tests/support/seed.ts"] },
};

export default defineConfig({
  plugins: [
    {
      name: "redline-server-build",
      resolveId: (id) => (id === "virtual:remix/server-build" ? SERVER_BUILD : undefined),
    },
  ],
  test: {
    ...(isLong
      ? { include: ["tests/{long,faults}/**/*.test.ts"], setupFiles: ["tests/support/seed.ts"] }
      : { projects: isLongBeside ? [SHARED] : [SHARED, FAULTS] }),
    globalSetup: isLong ? ["tests/support/build-before-long.ts"] : [],
    // For hanging only: a busy machine takes many times as long as a quiet one.
    testTimeout: isLong ? 50 * 60_000 : 20 * 60_000,
    hookTimeout: 20 * 60_000,
    expect: { poll: { timeout: 2 * 60_000 } },
    // Redline runs on Node 20 as well, which the AWS SDK warns about once in every process.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    pool: "forks",
    // Fault tests wait for leases, retries and late indexes for more than half of their time.
    maxWorkers: isLong ? 3 : 2,
  },
});
