/** Secrets of a data folder, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./store/make-folder";

/** The key that signs a data folder's cursors, links and known devices. */
export const signingKey = (dataDir: string): string => folderSecret(dataDir, "signing-key");

/** The key that requests to a data folder's cloud are signed with. */
export const cloudKey = (dataDir: string): string => folderSecret(dataDir, "cloud-key");

/** The token with which programs of the data folder's owner send differences to the running product. */
export const localToken = (dataDir: string): string => folderSecret(dataDir, "local-token");

const SECRET = /^[0-9a-f]{64}$/;

/**
 * A secret of a data folder, in a file that only its owner may read. Made whole or not at all, and the same for all who
 * ask at the same moment; one that was left incomplete is made anew.
 */
function folderSecret(dataDir: string, name: string): string {
  const path = join(dataDir, name);
  const there = readSecret(path);
  if (there !== undefined && SECRET.test(there)) return there;
  makeFolder(dataDir);
  const made = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(made, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600, flush: true });
    if (there === undefined) linkUnlessThere(made, path);
    else renameSync(made, path);
  } finally {
    rmSync(made, { force: true });
  }
  return readFileSync(path, "utf8");
}

function readSecret(path: string): string | undefined {
  try {
    // Folders are copied and unpacked, and their modes with them or not.
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Not every file system has links: there the last of those who come at the same moment wins. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") renameSync(from, to);
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);
