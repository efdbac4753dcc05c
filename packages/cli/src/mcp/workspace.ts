/** The work tree that an agent works in, as far as its client lets the server see it. */
import { join } from "node:path";
import { PatchTree } from "../apply/tree";
import { pathInTree } from "../commands/review-scope";
import { type Config, loadConfig } from "../config/config";
import { CommandFailure } from "../failure";
import type { Git } from "../git/git";
import { openGit } from "../git/repository";
import { isWithin } from "./roots";

export class Workspace {
  private constructor(
    readonly git: Git,
    readonly config: Config,
    private readonly cwd: string,
    /** The client's roots; undefined where it has none, and the work tree alone is the limit. */
    private readonly roots: readonly string[] | undefined,
  ) {}

  /** Opens the tree of `cwd`; where that is none of the client's roots, the one of the first root. */
  static async open(cwd: string, env: NodeJS.ProcessEnv, roots: readonly string[] | undefined): Promise<Workspace> {
    const isShown = !roots || roots.some((root) => isWithin(root, cwd) || isWithin(cwd, root));
    const folder = isShown ? cwd : (roots[0] ?? cwd);
    const git = await openGit(folder, env);
    return new Workspace(git, await loadConfig(git.root), folder, roots);
  }

  /** Returns a path of the tree, from its root. Throws CommandFailure for one that is outside of it or of the client's roots. */
  path(given: string): string {
    const path = pathInTree(this.git.root, this.cwd, given);
    if (!this.isAllowed(path)) {
      throw new CommandFailure(`${given} is outside of the folders that the client opened.`);
    }
    return path;
  }

  /** As `path`, of a path from the tree's root, as diffs have it. */
  requireAllowed(path: string): void {
    if (!this.isAllowed(path)) throw new CommandFailure(`${path} is outside of the folders that the client opened.`);
  }

  isAllowed(path: string): boolean {
    const absolute = join(this.git.root, path);
    return isWithin(this.git.root, absolute) && (!this.roots || this.roots.some((root) => isWithin(root, absolute)));
  }

  /** The files as they are now. Links are not followed, and git's own folder is no part of it. */
  files(): PatchTree {
    return new PatchTree(this.git.files);
  }

  close(): Promise<void> {
    return this.git.close();
  }
}
