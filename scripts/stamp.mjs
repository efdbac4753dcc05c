/** Says whether `build/` was made from the sources as they are now. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Written when a build has finished. */
export const STAMP = "build/stamp";
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

/** Whether the last build finished and nothing it was made from has changed since. */
export function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === sourceHash();
}

/**
 * To be called with the hash taken before the build began, so that a change made meanwhile is seen as one.
 * @param {string} hash
 */
export function markBuilt(hash) {
  writeFileSync(STAMP, hash);
}

/** The next `npm start` builds again. */
export function forgetBuild() {
  rmSync(STAMP, { force: true });
}

/** A hash of the content of everything that a build is made from. */
export function sourceHash() {
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
