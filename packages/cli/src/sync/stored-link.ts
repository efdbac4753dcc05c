/** Which session a work tree is linked with, and by what both were last alike: kept in the data folder between two runs. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../server/is-alive";
import type { StoredKnowledge } from "./known";

export type Link = {
  /** The work tree, for people who look into the folder. */
  root: string;
  range: string;
  branch?: string;
  sessionId: string;
  knowledge: StoredKnowledge;
  /** git's names of what was staged of accepted lines, by path. */
  staged?: Record<string, string | null>;
};

/** The process that keeps a link, and the session that it keeps, once it has one. */
export type Owner = { pid: number; range: string; sessionId?: string };

export class StoredLink {
  private readonly path: string;
  private readonly ownerPath: string;
  private isOwn = false;

  /** `isFollowed`: what is edited in the work tree goes to the session, which one process alone does. */
  constructor(
    folder: string,
    root: string,
    private readonly range: string,
    { isFollowed }: { isFollowed: boolean },
  ) {
    mkdirSync(join(folder, "work-trees"), { recursive: true, mode: 0o700 });
    this.path = pathOf(folder, root, range);
    this.ownerPath = isFollowed ? followedPath(folder, root) : `${this.path}.pid`;
  }

  read(): Link | undefined {
    try {
      return JSON.parse(readFileSync(`${this.path}.json`, "utf8"));
    } catch {
      // None yet, or of no use: the next write replaces it.
      return undefined;
    }
  }

  write(link: Link): void {
    const made = `${this.path}.${process.pid}`;
    writeFileSync(made, JSON.stringify(link), { mode: 0o600 });
    renameSync(made, `${this.path}.json`);
  }

  /** Makes this process the one that keeps the link, until `release`. Returns the one that does so already, if any. */
  own(): Owner | undefined {
    for (let tries = 0; tries < 2; tries++) {
      try {
        writeFileSync(this.ownerPath, this.asOwner(), { flag: "wx", mode: 0o600 });
        this.isOwn = true;
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const owner = readOwner(this.ownerPath);
        if (owner) return owner;
        rmSync(this.ownerPath, { force: true });
      }
    }
    return undefined;
  }

  /** Says which session this process keeps. */
  tell(sessionId: string): void {
    if (!this.isOwn) return;
    const made = `${this.ownerPath}.${process.pid}`;
    writeFileSync(made, this.asOwner(sessionId), { mode: 0o600 });
    renameSync(made, this.ownerPath);
  }

  release(): void {
    if (this.isOwn) rmSync(this.ownerPath, { force: true });
    this.isOwn = false;
  }

  private asOwner(sessionId?: string): string {
    return JSON.stringify({ pid: process.pid, range: this.range, sessionId });
  }
}

/** Returns the running process that follows a work tree, if any. */
export const followerOf = (folder: string, root: string): Owner | undefined => readOwner(followedPath(folder, root));

const pathOf = (folder: string, ...of: string[]): string =>
  join(folder, "work-trees", createHash("sha256").update(of.join("\0")).digest("hex").slice(0, 32));

const followedPath = (folder: string, root: string): string => `${pathOf(folder, root)}.pid`;

function readOwner(path: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(readFileSync(path, "utf8"));
    return isAlive(owner.pid) ? owner : undefined;
  } catch {
    // None, or of no use.
    return undefined;
  }
}
