/** Which file a diff means: its names with the prefixes taken off that the tool put there, and no folder of the files'. */
import { PatchRefused } from "../patch-refused";
import { withoutFirst } from "./names";
import type { DiffFile } from "./read";

/** What a diff does with a file; `source` is the file that a rename or a copy starts from. */
export type FileStep = { kind: "edit" | "create" | "delete"; path: string } | MoveStep;
type MoveStep = { kind: "rename" | "copy"; path: string; source: string };

/** `exists` tells of a path whether a file is there; `siblings` are the other files of the text. */
export type Surroundings = { exists: (path: string) => boolean; files: readonly DiffFile[] };

/** Prefixes of git's options and of two folders that hold one tree each; a pair of them is never a part of the names. */
const PREFIX_PAIRS = new Set([
  "a b",
  "b a",
  "i w",
  "w i",
  "c i",
  "i c",
  "c w",
  "w c",
  "o w",
  "w o",
  "c o",
  "o c",
  "1 2",
  "2 1",
]);

/** The step of `file`; undefined where it names none. Throws PatchRefused where two files may be meant. */
export function resolveStep(file: DiffFile, around: Surroundings): FileStep | undefined {
  const moved = file.renamed ?? file.copied;
  if (moved?.from !== undefined && moved.to !== undefined) {
    // Subversion writes the deletion of what was renamed once more, as a file of its own.
    const isDeletedBelow = around.files.some(
      (other) => other.isDeleted && other.git && pathOfPair(other.git, around) === moved.from,
    );
    return { kind: file.renamed && !isDeletedBelow ? "rename" : "copy", path: moved.to, source: moved.from };
  }
  const { from, to } = file;
  const isNew = file.isNew || (from && !from.exists);
  const isDeleted = file.isDeleted || (to && !to.exists);
  const path = pathOf(file, around);
  if (path === undefined) return undefined;
  if (isNew && isDeleted) throw new PatchRefused("The diff names no file on either side.");
  return { kind: isNew ? "create" : isDeleted ? "delete" : "edit", path };
}

const isNothing = (name: string | undefined): boolean => name === undefined || name === "/dev/null";

function pathOf(file: DiffFile, around: Surroundings): string | undefined {
  const from = file.from?.name ?? file.git?.from;
  const to = file.to?.name ?? file.git?.to;
  if (file.named !== undefined && around.exists(file.named)) return file.named;
  if (from === undefined || to === undefined) return file.named;
  if (isNothing(from) && isNothing(to)) throw new PatchRefused("The diff names no file on either side.");
  if (isNothing(from)) return pathOfOne(file, to, "to", around);
  if (isNothing(to)) return pathOfOne(file, from, "from", around);
  return pathOfPair({ from, to }, around, file.named);
}

/** Of the names of both sides the path. */
function pathOfPair({ from, to }: { from: string; to: string }, around: Surroundings, named?: string): string {
  if (from === to) return from;
  const [oldRest, newRest] = [withoutFirst(from), withoutFirst(to)];
  if (oldRest !== undefined && oldRest === newRest) {
    const isPrefix = PREFIX_PAIRS.has(`${from.split("/", 1)[0]} ${to.split("/", 1)[0]}`);
    if (isPrefix || around.exists(oldRest)) return oldRest;
    return onlyExisting([from, to], around) ?? oldRest;
  }
  // Longer prefixes, and copies beside the file (x.orig): whichever of the names the code has.
  const shared = sharedEndings(from, to).filter(around.exists);
  if (shared[0] !== undefined) return shared[0];
  const candidates = [from, to, oldRest, newRest].filter((path) => path !== undefined);
  const only = onlyExisting(candidates, around) ?? withoutSuffix(from, to) ?? named;
  if (only !== undefined) return only;
  throw new PatchRefused(`The diff names two files, ${from} and ${to}, and doesn't tell which of them changes.`);
}

function onlyExisting(paths: readonly string[], { exists }: Surroundings): string | undefined {
  const found = [...new Set(paths)].filter(exists);
  return found.length === 1 ? found[0] : undefined;
}

/** "x" of "x.orig" and "x", in either order, as quilt and people name what was. */
function withoutSuffix(from: string, to: string): string | undefined {
  if (/^(?:\.orig|\.old|\.bak|~)$/.test(from.slice(to.length)) && from.startsWith(to)) return to;
  return /^(?:\.orig|\.old|\.bak|~)$/.test(to.slice(from.length)) && to.startsWith(from) ? from : undefined;
}

/** The endings that both paths have, whole names only, longest first. */
function sharedEndings(from: string, to: string): string[] {
  const [old, now] = [from.split("/"), to.split("/")];
  let count = 0;
  while (count < Math.min(old.length, now.length) && old[old.length - 1 - count] === now[now.length - 1 - count])
    count++;
  return Array.from({ length: count }, (_, at) => old.slice(old.length - count + at).join("/"));
}

/** The path where one side is nothing: "diff --git" tells its prefix, else the other files of the text, else what is there. */
function pathOfOne(file: DiffFile, name: string, side: "from" | "to", around: Surroundings): string {
  if (file.git) return pathOfPair(file.git, around);
  if (file.named !== undefined && (file.named === name || file.named === withoutFirst(name))) return file.named;
  const rest = new RegExp(side === "to" ? "^[bwi2]/(.+)" : "^[acio1]/(.+)").exec(name)?.[1];
  if (rest === undefined) return name;
  const style = styleOf(around);
  if (style !== undefined) return style === "prefixed" ? rest : name;
  const [isWhole, isRest] = [around.exists(name), around.exists(rest)];
  if (isWhole !== isRest) return isWhole ? name : rest;
  if (isWhole || around.exists(name.slice(0, 2))) {
    throw new PatchRefused(`The diff may mean ${name} or ${rest}. Make it with git's usual prefixes (a/ and b/).`);
  }
  return rest;
}

/** Whether the other files of the text have prefixes, where all that can tell say the same. */
function styleOf({ files }: Surroundings): "prefixed" | "bare" | undefined {
  const styles = new Set(
    files.flatMap(({ from, to }) => {
      if (!from || !to || isNothing(from.name) || isNothing(to.name)) return [];
      if (from.name === to.name) return ["bare" as const];
      return withoutFirst(from.name) === withoutFirst(to.name) ? ["prefixed" as const] : [];
    }),
  );
  const [style] = styles;
  return styles.size === 1 ? style : undefined;
}
