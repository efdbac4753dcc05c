import type { SuggestedPatch } from "./suggestion";

type FileDiff = { from?: string; to?: string; lines: string[]; hunks: number };

/** The files of a unified diff; undefined when it has no hunks, or renames a file, which is no edit of it. */
export function readDiff(lines: readonly string[], label: string | undefined): SuggestedPatch[] | undefined {
  const files: FileDiff[] = [];
  let current: FileDiff | undefined;
  const begin = (): FileDiff => {
    current = { lines: [], hunks: 0 };
    files.push(current);
    return current;
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (/^rename (?:from|to) /.test(line)) return undefined;
    if (line.startsWith("diff --git ")) begin();
    const isPair = line.startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ");
    if (isPair && (!current || current.hunks === 0 || (lines[at + 2] ?? "").startsWith("@@"))) {
      const file: FileDiff = !current || current.from !== undefined ? begin() : current;
      file.from = pathOfHeader(line);
      file.to = pathOfHeader(lines[at + 1] as string);
      file.lines.push(line, lines[at + 1] as string);
      at++;
      continue;
    }
    const file: FileDiff = current ?? begin();
    if (line.startsWith("@@")) file.hunks++;
    file.lines.push(line);
  }
  const patches = files.filter(({ hunks }) => hunks > 0).map((file) => patchOf(file, label));
  if (patches.length === 0 || patches.includes(undefined)) return undefined;
  return patches.filter((patch) => patch !== undefined);
}

const NOTHING = "/dev/null";

function patchOf({ from, to, lines }: FileDiff, label: string | undefined): SuggestedPatch | undefined {
  const diff = lines.map((line) => `${line}\n`).join("");
  if (from === undefined || to === undefined) return { format: "unified", ...(label && { path: label }), diff };
  if (from === NOTHING && to === NOTHING) return undefined;
  if (from === NOTHING) return { format: "unified", path: withoutSide(to, "b/"), diff, isNew: true };
  if (to === NOTHING) return { format: "unified", path: withoutSide(from, "a/"), diff, isDeletion: true };
  const hasSides = from.startsWith("a/") && to.startsWith("b/");
  const [old, path] = hasSides ? [from.slice(2), to.slice(2)] : [from, to];
  return old === path ? { format: "unified", path, diff } : undefined;
}

const withoutSide = (path: string, side: "a/" | "b/"): string => (path.startsWith(side) ? path.slice(2) : path);

/** Of "--- a/x.ts\t2024-01-01" the path. */
function pathOfHeader(line: string): string {
  const path = (line.slice(4).split("\t")[0] ?? "").trim();
  return path.length > 1 && path.startsWith('"') && path.endsWith('"') ? path.slice(1, -1) : path;
}
