import { defineConfig } from "vitest/config";

/** `npm run test:infra`: the stages, synthesised from what `npm run build:lambda` made. */
export default defineConfig({
  test: {
    include: ["tests/infra/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 20 * 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
