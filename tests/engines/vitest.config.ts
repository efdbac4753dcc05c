import { defineConfig } from "vitest/config";

/** `npm run test:engines`: the main stories in Chromium, Firefox and WebKitGTK, on the last build. */
export default defineConfig({
  test: {
    include: ["tests/engines/**/*.test.ts"],
    // For hanging only: a busy machine takes many times as long as a quiet one.
    testTimeout: 10 * 60_000,
    hookTimeout: 5 * 60_000,
    expect: { poll: { timeout: 2 * 60_000, interval: 100 } },
    // Firefox is spoken to over a WebSocket, which Node 20 has behind a flag.
    execArgv: typeof WebSocket === "undefined" ? ["--experimental-websocket"] : [],
    pool: "forks",
  },
});
