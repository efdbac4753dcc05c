import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ownerPath = (dataDir: string): string => join(resolve(dataDir), "cloud", "owner.pid");

/** The process that owns the folder as far as it says; it may have died since. Undefined where that is not known. */
export function ownerOf(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(ownerPath(dataDir), "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
