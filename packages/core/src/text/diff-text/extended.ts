/** Git's lines between "diff --git" and the names: modes, blobs, renames, and files that have no text. */
import { DialectRefused, REFUSALS } from "./dialects";
import { readBareName } from "./names";
import type { DiffFile } from "./read";

/** Kinds of file of which a diff shows no lines: they can be listed, never applied as text. */
export type Textless = "binary" | "symlink" | "submodule";

const MODE = /^(index [0-9a-f]+\.\.[0-9a-f]+|old mode|new mode|new file mode|deleted file mode) (\d{6})$/;
const TEXTLESS_MODES: Record<string, Textless> = { "120000": "symlink", "160000": "submodule" };

/**
 * Reads one such line into `file`; returns false for any other line. A file without text is refused, or with
 * `listsTextless` marked.
 */
export function readExtendedLine(file: DiffFile, line: string, listsTextless: boolean): boolean {
  const mode = MODE.exec(line);
  if (mode) readMode(file, mode[1] as string, mode[2] as string, listsTextless);
  const blobs = /^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: \d{6})?$/.exec(line);
  if (blobs) file.blobs = { old: blobs[1] as string, new: blobs[2] as string };
  else if (line.startsWith("new file mode ")) file.isNew = true;
  else if (line.startsWith("deleted file mode ")) file.isDeleted = true;
  else {
    const moved = /^(rename|copy) (from|to) (.+)$/.exec(line);
    if (!moved) return mode !== null;
    const key = moved[1] === "rename" ? "renamed" : "copied";
    file[key] = { ...file[key], [moved[2] as "from" | "to"]: readBareName(moved[3] as string) };
  }
  return true;
}

function readMode(file: DiffFile, kind: string, mode: string, listsTextless: boolean): void {
  const textless = TEXTLESS_MODES[mode];
  if (textless) {
    if (!listsTextless) throw new DialectRefused(REFUSALS[textless]);
    file.textless = textless;
  }
  if (kind !== "new mode" && kind !== "new file mode") file.modes = { ...file.modes, old: mode };
  if (kind !== "old mode" && kind !== "deleted file mode") file.modes = { ...file.modes, new: mode };
}

const TEXTLESS_LINES: readonly (readonly [RegExp, Textless])[] = [
  [/^GIT binary patch$/, "binary"],
  [/^Binary files .+ differ$/, "binary"],
  [/^Binary file .+ has changed$/, "binary"],
  [/^Cannot display: file marked as a binary type\.$/, "binary"],
  [/^Submodule .+ [0-9a-f]{7,64}\.{2,3}[0-9a-f]{7,64}(?: \(.*\))?:?$/, "submodule"],
];

/** Returns the kind of file without text that a line tells of; undefined for any other line. */
export const textlessLine = (line: string): Textless | undefined =>
  TEXTLESS_LINES.find(([pattern]) => pattern.test(line))?.[1];

/** Returns whether the diff changes a file, beyond naming it. Modes and files without text count where they are listed. */
export function changesSomething(file: DiffFile, listsTextless: boolean): boolean {
  if (file.hunks.length > 0 || file.isNew || file.isDeleted || file.renamed || file.copied) return true;
  if (listsTextless && (file.textless || (file.modes && file.modes.old !== file.modes.new))) return true;
  return file.named !== undefined && !file.git && !file.hasProperties;
}
