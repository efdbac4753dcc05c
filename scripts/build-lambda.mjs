/**
 * `npm run build:lambda`: builds the bundles that SST cannot build itself into `build/lambda/`. The site is the same server
 * that runs on the laptop; the engines are 50 MB of WebAssembly with a worker thread next to their handler.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { writeBundlesHash } from "./build-hash.mjs";
import { writeEngineWasm } from "./engine-wasm.mjs";

const SERVER = "build/server/index.js";
const ENGINES = ["@biomejs/wasm-nodejs", "@astral-sh/ruff-wasm-nodejs"];

/** @type {import("esbuild").BuildOptions} */
const LAMBDA = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
  // Bundled CommonJS packages require Node's built-in modules.
  banner: {
    js: 'import { createRequire as redlineRequire } from "node:module"; const require = redlineRequire(import.meta.url);',
  },
};

if (!existsSync(SERVER)) throw new Error(`${SERVER} is missing: run npm run build first.`);
rmSync("build/lambda", { recursive: true, force: true });

/** @param {string} name @param {Record<string, string>} entryPoints @param {import("esbuild").BuildOptions} [more] */
async function bundle(name, entryPoints, more) {
  const outdir = join("build/lambda", name);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "package.json"), '{"type":"module"}\n');
  await build({ ...LAMBDA, entryPoints, outdir, ...more });
  return outdir;
}

await bundle("site", { index: "packages/functions/src/http/site.ts" }, { alias: { "redline-site": resolve(SERVER) } });
const check = await bundle(
  "check",
  { index: "packages/functions/src/check.ts", "reviewer-worker": "packages/core/src/reviewers/worker.ts" },
  { external: [...ENGINES, "@biomejs/js-api"] },
);
for (const name of ENGINES) {
  cpSync(join("node_modules", name), join(check, "node_modules", name), { recursive: true, dereference: true });
}
writeEngineWasm(check);
writeBundlesHash();
