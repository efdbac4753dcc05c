/** Tells whether `build/` is up to date with the sources; as a program, by its exit code, whether the bundles for AWS are too. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Holds the hash of the sources; written when a build has finished. */
export const BUILD_HASH_FILE = "build/hash";
const SOURCES = [
  "app",
  "packages",
  "public",
  "vite.config.ts",
  "package-lock.json",
  "scripts/build.mjs",
  "scripts/remembered-routes.mjs",
];
const IGNORED = /(^|\/)(node_modules|.*\.test\.tsx?|README\.md)$/;

/** Returns whether the last build finished and its sources are unchanged since. */
export function isBuildUpToDate() {
  return existsSync(BUILD_HASH_FILE) && readFileSync(BUILD_HASH_FILE, "utf8") === hashSources();
}

/** The hash of the build that the bundles for AWS were made from; written when they are complete. */
const BUNDLES_HASH_FILE = "build/lambda/hash";

/** Returns whether the bundles for AWS, which hold a copy of the server, were made from the last build. */
export function areBundlesUpToDate() {
  const [build, bundles] = [BUILD_HASH_FILE, BUNDLES_HASH_FILE].map(
    (path) => existsSync(path) && readFileSync(path, "utf8"),
  );
  return bundles !== false && bundles === build;
}

/** Marks the bundles for AWS as made from the last build. */
export function writeBundlesHash() {
  if (existsSync(BUILD_HASH_FILE)) copyFileSync(BUILD_HASH_FILE, BUNDLES_HASH_FILE);
}

/**
 * Marks the build as up to date with these sources.
 * @param {string} hash taken before the build began, so that changes made meanwhile cause another build
 */
export function writeBuildHash(hash) {
  writeFileSync(BUILD_HASH_FILE, hash);
}

/** Invalidates the build, so that the next `npm start` builds again. */
export function removeBuildHash() {
  rmSync(BUILD_HASH_FILE, { force: true });
}

/** Returns a hash of the content of all sources of a build. */
export function hashSources() {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap(filesUnder)) hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path) || IGNORED.test(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exit(isBuildUpToDate() && areBundlesUpToDate() ? 0 : 1);
}
