/**
 * `npm run build:cli -- [FOLDER]`: builds the package `redline` into `build/cli/` or the folder, from which `npm pack` makes one tarball that needs
 * nothing else: the commands, the server that `redline` opens the browser on, and the engines of both. The engines are copied
 * beside the bundles, and not bundled as dependencies: `npm pack` of a workspace leaves those out that npm has hoisted.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundleOptions } from "./build.mjs";
import { isBuildUpToDate } from "./build-hash.mjs";
import { buildServer } from "./cli-server.mjs";
import { writeEngineWasm } from "./engine-wasm.mjs";

const OUT = process.argv[2] ?? "build/cli";
const SOURCES = "packages/cli";

/** CommonJS modules of WebAssembly packages, each of which loads the `.wasm` file beside it. */
const ENGINES = {
  "@biomejs/wasm-nodejs": ["biome_wasm.js", "biome_wasm_bg.wasm"],
  "@astral-sh/ruff-wasm-nodejs": ["ruff_wasm.js", "ruff_wasm_bg.wasm"],
};

const bin = { redline: "dist/redline.js" };

const require = createRequire(import.meta.url);
const { version, license, engines } = JSON.parse(readFileSync("package.json", "utf8"));
const { description, keywords } = JSON.parse(readFileSync(`${SOURCES}/package.json`, "utf8"));

if (!isBuildUpToDate() && spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" }).status !== 0) {
  process.exit(1);
}
rmSync(OUT, { recursive: true, force: true });
mkdirSync(`${OUT}/dist/engines`, { recursive: true });

/** @type {(folder: string) => import("esbuild").Plugin} */
const enginesIn = (folder) => ({
  name: "engines-beside-the-bundle",
  setup({ onResolve }) {
    for (const [name, [module = ""]] of Object.entries(ENGINES)) {
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: `${folder}/${cjs(module)}`, external: true }));
    }
  },
});

/** @param {string} file */
const cjs = (file) => file.replace(/\.js$/, ".cjs");

await build({
  ...bundleOptions(
    { main: `${SOURCES}/src/main.ts`, "reviewer-worker": "packages/core/src/reviewers/worker.ts" },
    `${OUT}/dist`,
  ),
  external: [],
  plugins: [enginesIn("./engines")],
  splitting: true,
  chunkNames: "[name]-[hash]",
  define: { __REDLINE_VERSION__: JSON.stringify(version) },
});

await buildServer(`${OUT}/dist/server`, enginesIn("../../engines"));
for (const [name, files] of Object.entries(ENGINES)) {
  const folder = dirname(require.resolve(`${name}/package.json`));
  for (const file of files) copyFileSync(join(folder, file), `${OUT}/dist/engines/${cjs(file)}`);
}

writeEngineWasm(`${OUT}/dist`);

writeFileSync(`${OUT}/dist/redline.js`, '#!/usr/bin/env node\nimport "./main.js";\n');
chmodSync(`${OUT}/dist/redline.js`, 0o755);
writeFileSync(
  `${OUT}/package.json`,
  `${JSON.stringify({ name: "redline", version, description, keywords, license, type: "module", bin, engines, files: ["dist", "redline.schema.json"] }, null, 2)}\n`,
);
for (const file of ["README.md", "redline.schema.json"]) copyFileSync(`${SOURCES}/${file}`, `${OUT}/${file}`);
copyFileSync("LICENSE", `${OUT}/LICENSE`);
