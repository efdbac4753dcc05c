/** Gives a file of the work tree another content, unless somebody saves it at the same moment. */
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import type { WorkTreeFiles } from "./work-tree-files";

/** Files of ours that a kill may leave behind. */
const LEFT_BEHIND = /(?:^|\/)\.[^/]+\.redline-(\d+)(?:-old)?$/;

/** Returns the process that made a temporary file of ours; undefined for any other file. */
export function makerOf(path: string): number | undefined {
  const pid = LEFT_BEHIND.exec(path)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/**
 * Replaces or (null) deletes a file, whole or not at all. Returns false where it is not `expected` (null: not there). The old
 * file keeps a second name meanwhile: what an editor writes into it between the last look and the swap is found there, and put
 * back.
 */
export function swapFile(files: WorkTreeFiles, path: string, expected: Buffer | null, content: Buffer | null): boolean {
  const target = join(files.root, path);
  const staged = content === null ? undefined : files.stage(path, expected, content);
  if (content !== null && !staged) return false;
  const old = expected === null ? undefined : secondName(target);
  let isKept = false;
  try {
    if (!files.isUnchanged(path, expected)) return false;
    if (staged) staged.commit();
    else files.remove(path);
    isKept = old === undefined || fs.readFileSync(old).equals(expected as Buffer);
    if (!isKept) fs.renameSync(old as string, target);
    return isKept;
  } finally {
    staged?.discard();
    if (old !== undefined) fs.rmSync(old, { force: true });
  }
}

/** Not every file system has links: there a look just before is all that there is. */
function secondName(target: string): string | undefined {
  const old = join(dirname(target), `.${basename(target).slice(0, 200)}.redline-${process.pid}-old`);
  try {
    fs.rmSync(old, { force: true });
    fs.linkSync(target, old);
    return old;
  } catch {
    return undefined;
  }
}
