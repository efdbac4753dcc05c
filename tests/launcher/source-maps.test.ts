/** In development a stack trace names the TypeScript that threw, in each kind of process and thread. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentEnv } from "../../packages/local/src/launcher/launch";
import { bundleOptions, forDevelopment } from "../../scripts/build.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const THROWING = "packages/core/src/platform/http-request.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "redline-source-maps-"));
  await build(forDevelopment(bundleOptions({ throwing: join(ROOT, "tests/support/throw-in-core.ts") }, folder)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs Node as the launcher does in development. Returns the line of core that the first frame of its error names. */
function thrownAt(...command: string[]): string | undefined {
  const env = { ...process.env, ...developmentEnv() };
  const { stderr } = spawnSync(process.execPath, command, { cwd: ROOT, env, encoding: "utf8" });
  const [, line] = new RegExp(`at [^\\n]*${THROWING}:(\\d+)`).exec(stderr) ?? [];
  return line && readFileSync(join(ROOT, THROWING), "utf8").split("\n")[Number(line) - 1]?.trim();
}

// The first frame is in the function that makes the refusal.
const THROWN = expect.stringMatching(/^return new HttpRefusal\(405/);

it("an error in core names its line of TypeScript in a bundled process", () => {
  expect(thrownAt(join(folder, "throwing.js"))).toEqual(THROWN);
});

it("an error in core names its line of TypeScript in a thread, as the reviewers have one", () => {
  expect(thrownAt(join(folder, "throwing.js"), "thread")).toEqual(THROWN);
});

it("an error in core names its line of TypeScript when loaded by Vite, as in the web process", () => {
  const script = join(folder, "vite.mjs");
  const vite = join(ROOT, "node_modules/vite/dist/node/index.js");
  writeFileSync(
    script,
    `import { createServer } from ${JSON.stringify(vite)};
     const server = await createServer({ configFile: false, server: { middlewareMode: true, ws: false }, appType: "custom",
       optimizeDeps: { noDiscovery: true }, logLevel: "silent", ssr: { noExternal: [/^@redline/] } });
     await server.ssrLoadModule("/tests/support/throw-in-core.ts").catch((error) => { process.stderr.write(error.stack); });
     process.exit();`,
  );
  expect(thrownAt(script)).toEqual(THROWN);
});
