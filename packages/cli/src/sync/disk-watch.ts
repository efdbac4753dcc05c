/** Tells when files of a work tree, or where git stands, may have changed. What changed is git's to say. */
import { join, relative, sep } from "node:path";
import { watch } from "chokidar";
import type { Git } from "../git/git";
import { makerOf } from "../git/swap-file";

/** An editor saves in several steps, and saves several files. */
const SETTLED_MS = 150;
const LONGEST_MS = 1_000;
/** Where the system has no more watches to give, the tree is looked at every so often. */
const LOOK_MS = 2_000;
/** Change with a commit, a switch, a rebase, and what is staged. */
const OF_GIT = ["HEAD", "index", "logs/HEAD"];

/** Calls `changed` once what happens has settled. Returns how to end it. */
export async function watchDisk(
  git: Git,
  changed: () => void,
  say: (sentence: string) => void,
): Promise<() => Promise<void>> {
  const settled = new Settling(changed);
  let ignored = new Set(await git.ignoredPaths());
  const isIgnored = (path: string) => {
    const inTree = relative(git.root, path).split(sep).join("/");
    if (git.gitFolder && path.startsWith(git.gitFolder)) return false;
    return (
      /(?:^|\/)\.git$/.test(inTree) || ignored.has(inTree) || ignored.has(`${inTree}/`) || makerOf(inTree) !== undefined
    );
  };
  const gitFiles = git.gitFolder ? OF_GIT.map((name) => join(git.gitFolder as string, name)) : [];
  const watcher = watch([git.root, ...gitFiles], { ignored: isIgnored, ignoreInitial: true, followSymlinks: false });
  let looking: NodeJS.Timeout | undefined;
  watcher.on("all", (_, path) => {
    // What is ignored may be another set of files now.
    if (path.endsWith(".gitignore")) void git.ignoredPaths().then((paths) => (ignored = new Set(paths)));
    settled.touch();
  });
  watcher.on("error", (error) => {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== "ENOSPC" && code !== "EMFILE") || looking) return;
    say(`The system watches no more files (${code}), so the work tree is looked at every ${LOOK_MS / 1_000} s.`);
    looking = setInterval(changed, LOOK_MS);
  });
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return async () => {
    clearInterval(looking);
    settled.end();
    await watcher.close();
  };
}

class Settling {
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  constructor(private readonly settled: () => void) {}

  touch(): void {
    const now = performance.now();
    if (this.timer === undefined) this.since = now;
    clearTimeout(this.timer);
    const waitMs = Math.min(SETTLED_MS, Math.max(0, this.since + LONGEST_MS - now));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.settled();
    }, waitMs);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
