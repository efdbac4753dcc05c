/** Stages the lines that are accepted in a session, and those alone: what else is staged of a file is its owner's. */
import type { GitIndex } from "../git/staging";
import { blobIdOf } from "../review/file-text";
import type { Text } from "./ports";

/** A file as it is to be in the index: `base` is what it was before any line was accepted. */
export type FileToStage = { path: string; mode?: string; base: Text; text: Text };

export type StageEvent = { path: string; outcome: "staged" | "unstaged" | "left" };

export class AcceptedLines {
  private readonly said = new Map<string, string>();

  constructor(
    private readonly index: Pick<GitIndex, "entry" | "stage">,
    /** git's name of what was staged of a file, by path; null for its deletion. */
    private readonly staged: Map<string, string | null>,
    private readonly say: (event: StageEvent) => void,
  ) {}

  /** Returns whether anything was staged. */
  async sync(files: readonly FileToStage[]): Promise<boolean> {
    let isAny = false;
    for (const file of files) isAny = (await this.stageFile(file)) || isAny;
    return isAny;
  }

  private async stageFile({ path, mode, base, text }: FileToStage): Promise<boolean> {
    const now = (await this.index.entry(path))?.blob ?? null;
    const [before, wanted] = [base, text].map((each) => nameOf(each, now));
    if (now === wanted) return false;
    if (now !== before && now !== this.staged.get(path)) {
      if (this.said.get(path) !== now) this.say({ path, outcome: "left" });
      this.said.set(path, now ?? "");
      return false;
    }
    this.staged.set(path, await this.index.stage(path, text, mode));
    this.say({ path, outcome: text === base ? "unstaged" : "staged" });
    return true;
  }
}

/** git's name of a text in the kind of names that the repository has. */
function nameOf(text: Text, like: string | null): string | null {
  return text === null ? null : blobIdOf(Buffer.from(text), like?.length === 64 ? "sha256" : "sha1");
}
