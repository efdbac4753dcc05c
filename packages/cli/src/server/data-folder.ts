/** The data folder of this user's Redline, and what it says of the one that serves. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isAlive } from "./is-alive";

/** `REDLINE_DATA`, else the folder where the platform keeps a user's data. */
export function dataFolder(
  env: Record<string, string | undefined>,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.REDLINE_DATA) return resolve(cwd, env.REDLINE_DATA);
  const home = env.HOME || homedir();
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "Redline");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Redline");
  const data = env.XDG_DATA_HOME?.startsWith("/") ? env.XDG_DATA_HOME : join(home, ".local", "share");
  return join(data, "redline");
}

export type Serving = {
  /** Where it serves, such as `http://localhost:3000`. */
  address: string;
  token: string;
};

/**
 * Returns where Redline serves from a data folder; undefined while none does. An address alone does not count: after a crash
 * the port may be another program's, which would be sent the token.
 */
export function readServing(folder: string): Serving | undefined {
  const address = firstLine(join(folder, "address"));
  const token = firstLine(join(folder, "local-token"));
  if (!address || !token || !isAlive(Number(firstLine(join(folder, "cloud", "owner.pid"))))) return undefined;
  return { address, token };
}

/** Returns the port that Redline last served from a data folder. */
export function lastPort(folder: string): number | undefined {
  const port = /^http:\/\/localhost:(\d{1,5})$/.exec(firstLine(join(folder, "address")) ?? "")?.[1];
  return port === undefined ? undefined : Number(port);
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").split("\n", 1)[0];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
