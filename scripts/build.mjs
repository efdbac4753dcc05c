/** `npm run build`: builds the app (client and server), the laptop's processes and the functions into `build/`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { hashSources, removeBuildHash, writeBuildHash } from "./build-hash.mjs";
import { watchBundles } from "./watched-bundles.mjs";

/** Stay in node_modules: native or WebAssembly code, and packages that load files of their own. */
const EXTERNAL = [
  "@astral-sh/ruff-wasm-nodejs",
  "@biomejs/js-api",
  "@biomejs/wasm-nodejs",
  "classic-level",
  "dynalite",
  "tsx",
  "vite",
];
const COMPRESSIBLE = new Set([".css", ".js", ".json", ".svg", ".txt", ".webmanifest"]);
/** Smaller responses fit one packet anyway. */
const MIN_COMPRESSED_BYTES = 1_000;

/** The entry points of the laptop's processes. */
export const LOCAL = {
  launcher: "packages/local/src/launcher/launch.ts",
  provision: "packages/local/src/launcher/provision.ts",
  release: "packages/local/src/launcher/release.ts",
  cloud: "packages/local/src/cloud.ts",
  workers: "packages/local/src/lambda/workers.ts",
  web: "packages/local/src/web/main.ts",
};

/**
 * Returns the entry points of the functions that run on the laptop, by name (folders joined with `-`), and of the
 * reviewers' worker thread. Excludes `http/`: the laptop has a web server instead of function URLs.
 */
export function functionEntries() {
  const root = "packages/functions/src";
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const isHandler = (/** @type {string} */ file) =>
    /(?<!\.test|\.d)\.ts$/.test(file) &&
    !file.startsWith(`http${sep}`) &&
    readFileSync(join(root, file), "utf8").includes("export const handler");
  const handlers = files.filter(isHandler);
  return {
    ...Object.fromEntries(
      handlers.map((file) => [file.slice(0, -".ts".length).split(sep).join("-"), join(root, file)]),
    ),
    "reviewer-worker": "packages/core/src/reviewers/worker.ts",
  };
}

/** Functions share chunks: the laptop's workers run all of them in one process. */
const functionOptions = () => ({
  ...bundleOptions(functionEntries(), "build/functions"),
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
});

/**
 * @param {Record<string, string>} entryPoints
 * @param {string} outdir
 * @returns {import("esbuild").BuildOptions}
 */
export function bundleOptions(entryPoints, outdir) {
  return {
    entryPoints,
    outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: EXTERNAL,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    sourcemap: false,
    logLevel: "warning",
    // Bundled CommonJS packages require Node's built-in modules.
    banner: {
      js: 'import { createRequire as redlineRequire } from "node:module"; const require = redlineRequire(import.meta.url);',
    },
  };
}

/**
 * Adds source maps beside what is built: stack traces then name the TypeScript that threw, see `developmentEnv`.
 * @param {import("esbuild").BuildOptions} options
 * @returns {import("esbuild").BuildOptions}
 */
export const forDevelopment = (options) => ({ ...options, sourcemap: "linked", sourcesContent: false });

/**
 * Builds the laptop's processes and the functions, then rebuilds on change. Of the web server only its own code counts: core,
 * of which it bundles a few files, is reloaded for the app by Vite, which takes far less than starting Vite again.
 * @param {(name: "cloud" | "workers" | "web") => void} onChange called with the process to restart after each rebuild
 */
export async function watchServerSide(onChange) {
  mkdirSync("build", { recursive: true });
  // A development build is not what `npm start` would build.
  removeBuildHash();
  const { cloud, workers, web, ...others } = LOCAL;
  /** @type {(entries: Record<string, string>, ...processes: string[]) => import("./watched-bundles.mjs").Bundle} */
  const local = (entries, ...processes) => ({
    options: forDevelopment(bundleOptions(entries, "build/local")),
    processes,
  });
  const bundles = [
    local(others),
    local({ cloud }, "cloud"),
    local({ workers }, "workers"),
    local({ web }, "web"),
    { options: forDevelopment(functionOptions()), processes: ["workers"] },
  ];
  return watchBundles(bundles, (name, changed) => {
    const isServerChanged = [...changed].some((path) => path.startsWith("packages/local/"));
    if (name !== "web" || isServerChanged) onChange(/** @type {"cloud" | "workers" | "web"} */ (name));
  });
}

/**
 * Writes Brotli and gzip variants, so that no request waits for compression.
 * @param {string} folder
 */
async function precompress(folder) {
  const brotli = promisify(brotliCompress);
  const shrink = promisify(gzip);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (!COMPRESSIBLE.has(extname(path))) continue;
    const content = readFileSync(path);
    if (content.length < MIN_COMPRESSED_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, await brotli(content, { params }));
    writeFileSync(`${path}.gz`, await shrink(content, { level: 9 }));
  }
}

async function buildAll() {
  const hash = hashSources();
  rmSync("build", { recursive: true, force: true });
  const remix = spawnSync(
    process.execPath,
    ["node_modules/@remix-run/dev/dist/cli.js", "vite:build", "--logLevel", "warn"],
    { stdio: "inherit", env: { ...process.env, NODE_ENV: "production" } },
  );
  if (remix.status !== 0) process.exit(1);
  await Promise.all([
    build(bundleOptions(LOCAL, "build/local")),
    build(functionOptions()),
    precompress("build/client"),
  ]);
  writeBuildHash(hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
