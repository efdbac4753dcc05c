/** The folders that a client lets its server see. */
import { realpathSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Returns the folders that roots name; those that are no folders of this machine are left out. */
export function rootFolders(roots: readonly { uri: string }[]): string[] {
  return roots.flatMap(({ uri }) => {
    try {
      return [realpathSync(fileURLToPath(uri))];
    } catch {
      return [];
    }
  });
}

/** Returns whether a path is a folder or below it. Both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const inFolder = relative(folder, path);
  return inFolder !== ".." && !inFolder.startsWith(`..${sep}`) && !isAbsolute(inFolder);
}
