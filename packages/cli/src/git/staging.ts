/** git's index: what of a file is staged, and staging a text of it that need not be the one on disk. */
import type { GitProgram } from "./program";

export type Staged = { mode: string; blob: string };

export class GitIndex {
  constructor(private readonly git: GitProgram) {}

  /** Returns the entry of a file; undefined where there is none, or several, as in a conflict. */
  async entry(path: string): Promise<Staged | undefined> {
    const listed = await this.git.run(["ls-files", "--stage", "-z", "--full-name", "--", `:(top,literal)${path}`]);
    const entries = listed.toString("utf8").split("\0").slice(0, -1);
    const [, mode = "", blob = ""] = /^(\d{6}) ([0-9a-f]+) 0\t/.exec(entries[0] ?? "") ?? [];
    return entries.length === 1 && blob !== "" ? { mode, blob } : undefined;
  }

  /**
   * Stages exactly this text (null: that the file is deleted), whatever the disk has, and returns git's name of it. The mode stays
   * that of the entry, else it is the given one. Throws GitFailed where another git command holds the index.
   */
  async stage(path: string, text: string | null, mode = "100644"): Promise<string | null> {
    const entry = await this.entry(path);
    if (text === null) {
      if (entry) await this.write(`0 ${entry.blob}\t${path}`);
      return null;
    }
    const stored = await this.git.run(["hash-object", "-w", "--stdin", "--no-filters"], Buffer.from(text));
    const blob = stored.toString("utf8").trim();
    if (entry?.blob !== blob) await this.write(`${entry?.mode ?? mode} ${blob}\t${path}`);
    return blob;
  }

  /** Paths are those of the work tree's root, wherever the command was started. */
  private async write(line: string): Promise<void> {
    await this.git.run(["update-index", "-z", "--index-info"], Buffer.from(`${line}\0`));
  }
}
