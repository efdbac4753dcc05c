/** Reads what `git diff-index`, `diff-tree` and `ls-files` print with `-z`. */
import type { ChangedFile, FileKind, FileSide } from "./git";

const KINDS: Record<string, FileKind> = {
  "100644": "file",
  "100664": "file",
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};
const NO_FILE = "000000";

/**
 * Reads `--raw -z --no-abbrev` output. An object id of zeros is a file in the work tree whose content git has not
 * hashed; `workTree` tells that the second side is the work tree, where then every file is read.
 */
export function readRawDiff(output: Buffer, { workTree }: { workTree: boolean }): ChangedFile[] {
  const fields = output.toString("utf8").split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [, baseMode = "", headMode = "", baseId = "", , letter = ""] =
      /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] as string) ?? [];
    const headId = (fields[at] as string).split(" ")[3] ?? "";
    const isPair = letter === "R" || letter === "C";
    const first = fields[at + 1] as string;
    const path = isPair ? (fields[at + 2] as string) : first;
    at += isPair ? 3 : 2;
    const base = side(baseMode, { blob: baseId });
    const head = side(headMode, workTree ? "work-tree" : { blob: headId });
    const file: ChangedFile = { path, status: statusOf(letter), ...(base && { base }), ...(head && { head }) };
    if (letter === "R") file.from = first;
    if (letter === "C") delete file.base;
    files.push(file);
  }
  return files;
}

function side(mode: string, source: FileSide["source"]): FileSide | undefined {
  return mode === NO_FILE || mode === "" ? undefined : { kind: KINDS[mode] ?? "file", source };
}

function statusOf(letter: string): ChangedFile["status"] {
  if (letter === "A" || letter === "C") return "added";
  if (letter === "D") return "deleted";
  if (letter === "R") return "renamed";
  return letter === "U" ? "unmerged" : "modified";
}

/** Splits a list of paths that was printed with `-z`. */
export const readPaths = (output: Buffer): string[] => output.toString("utf8").split("\0").slice(0, -1);
