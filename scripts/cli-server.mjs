/**
 * Puts the server into the package of the command line: what `npm start` runs, in bundles that need no `node_modules`. The app itself
 * is that of `build/`.
 */
import { cpSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundleOptions, functionEntries, LOCAL } from "./build.mjs";

const require = createRequire(import.meta.url);
const folderOf = (/** @type {string} */ name) => dirname(require.resolve(`${name}/package.json`));

/** dynalite requires its own files by computed names, of which these are all. */
const DYNALITE = [
  ...["dynalite/db", "dynalite/validations", "dynalite/actions/updateItem"],
  ...["batchGetItem", "batchWriteItem", "createTable", "deleteItem", "deleteTable", "describeTable"].map(ofValidations),
  ...["describeTimeToLive", "getItem", "listTables", "listTagsOfResource", "putItem", "query"].map(ofValidations),
  ...["scan", "tagResource", "untagResource", "updateItem", "updateTable"].map(ofValidations),
];

/** @param {string} action */
function ofValidations(action) {
  return `dynalite/validations/${action}`;
}

/** @type {import("esbuild").Plugin} */
const besideTheBundle = {
  name: "packages-beside-the-bundle",
  setup({ onResolve, onLoad }) {
    // It loads the prebuilt library of the platform, by its own folder.
    onResolve({ filter: /^\.\/binding$/ }, ({ importer }) =>
      importer.includes("classic-level") ? { path: "./native.cjs", external: true } : undefined,
    );
    onLoad({ filter: /packages[\\/]local[\\/]src[\\/]dynamodb[\\/]dynalite\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replace(
        "createRequire(import.meta.url)",
        'createRequire(import.meta.url)("./dynalite.cjs")',
      ),
    }));
  },
};

/** dynalite's own store is never opened. @type {import("esbuild").Plugin} */
const withoutStores = {
  name: "without-stores",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(level|memory-level)$/ }, ({ path }) => ({ path, namespace: "no-store" }));
    onLoad({ filter: /.*/, namespace: "no-store" }, () => ({ contents: "module.exports = {}" }));
  },
};

/**
 * @param {string} out the folder of the server
 * @param {import("esbuild").Plugin} engines resolves the WebAssembly packages
 */
export async function buildServer(out, engines) {
  /** @param {Record<string, string>} entries @param {string} folder */
  const options = (entries, folder) => ({
    ...bundleOptions(entries, join(out, folder)),
    external: ["vite", "tsx"],
    splitting: true,
    chunkNames: "[name]-[hash]",
    plugins: [besideTheBundle, engines],
  });
  /** @param {string} contents @param {string} name */
  const commonJs = (contents, name) =>
    build({
      stdin: { contents, resolveDir: folderOf("classic-level"), loader: "js" },
      outfile: join(out, "local", name),
      ...{ bundle: true, format: "cjs", platform: "node", target: "node20", minify: true, legalComments: "none" },
      plugins: [withoutStores],
    });
  const dynalite = DYNALITE.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`);
  await Promise.all([
    build(options(LOCAL, "local")),
    build(options(functionEntries(), "functions")),
    commonJs('module.exports = require("node-gyp-build")(__dirname);', "native.cjs"),
    commonJs(`const all = {${dynalite}}; module.exports = (name) => all[name]();`, "dynalite.cjs"),
  ]);
  const without = (/** @type {RegExp} */ names) => ({
    recursive: true,
    filter: (/** @type {string} */ path) => !names.test(path),
  });
  cpSync(join(folderOf("classic-level"), "prebuilds"), join(out, "local/prebuilds"), without(/android/));
  cpSync("build/server", join(out, "server"), { recursive: true });
  // What stays on the machine is not worth packing twice.
  cpSync("build/client", join(out, "client"), without(/\.(br|gz)$/));
}
