/** `npm run build`: the app (client and server), the laptop's processes and the functions, into `build/`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build, context } from "esbuild";
import { forgetBuild, markBuilt, sourceHash } from "./stamp.mjs";

/** Native or WebAssembly code, and what is built around files of its own, stays in node_modules. */
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
/** Below this a response fits one packet anyway. */
const WORTH_COMPRESSING_BYTES = 1_000;

const LOCAL = {
  launcher: "packages/local/src/launcher/launch.ts",
  provision: "packages/local/src/launcher/provision.ts",
  release: "packages/local/src/launcher/release.ts",
  cloud: "packages/local/src/cloud.ts",
  workers: "packages/local/src/lambda/workers.ts",
  web: "packages/local/src/web/main.ts",
};

/**
 * The functions that the laptop runs too, by name, nested folders joined with `-`, and the reviewers' worker thread
 * beside them. Those of `http/` answer function URLs, in whose place the laptop has a web server.
 */
function functionEntries() {
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

/** The functions share their chunks: the laptop's workers run all of them in one process. */
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
function bundleOptions(entryPoints, outdir) {
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
    // Some packages are CommonJS inside and ask for Node's modules with require.
    banner: {
      js: 'import { createRequire as redlineRequire } from "node:module"; const require = redlineRequire(import.meta.url);',
    },
  };
}

/**
 * Builds the laptop's processes and the functions and keeps doing so.
 * @param {(name: "cloud" | "workers" | "web") => void} onChange told which process runs new code, not for the first build
 */
export async function watchServerSide(onChange) {
  mkdirSync("build", { recursive: true });
  // What is there afterwards is not what `npm start` would build.
  forgetBuild();
  /** @type {(options: import("esbuild").BuildOptions, names: ("cloud" | "workers" | "web")[]) => Promise<import("esbuild").BuildContext>} */
  const watch = async (options, names) => {
    let isFirst = true;
    /** @type {import("esbuild").Plugin} */
    const notify = {
      name: "notify",
      setup(plugin) {
        plugin.onEnd(({ errors }) => {
          if (!isFirst && errors.length === 0) for (const name of names) onChange(name);
          isFirst = false;
        });
      },
    };
    const watched = await context({ ...options, plugins: [notify] });
    await watched.rebuild();
    await watched.watch();
    return watched;
  };
  const { cloud, workers, web, ...others } = LOCAL;
  const local = (/** @type {Record<string, string>} */ entries) => bundleOptions(entries, "build/local");
  const contexts = [
    await watch(local(others), []),
    await watch(local({ cloud }), ["cloud"]),
    await watch(local({ workers }), ["workers"]),
    await watch(local({ web }), ["web"]),
    await watch(functionOptions(), ["workers"]),
  ];
  return { dispose: () => Promise.all(contexts.map((watched) => watched.dispose())) };
}

/**
 * Writes the compressed variants that the server chooses between, so that no request waits for a compressor.
 * @param {string} folder
 */
async function precompress(folder) {
  const brotli = promisify(brotliCompress);
  const shrink = promisify(gzip);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (!COMPRESSIBLE.has(extname(path))) continue;
    const content = readFileSync(path);
    if (content.length < WORTH_COMPRESSING_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, await brotli(content, { params }));
    writeFileSync(`${path}.gz`, await shrink(content, { level: 9 }));
  }
}

async function buildAll() {
  const hash = sourceHash();
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
  markBuilt(hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
