/** Which file a diff means: its names with the prefixes taken off that the tool put there, and no folder of the files'. */
import { PatchRefused } from "../patch-refused";
import { withoutFirst } from "./names";
import type { DiffFile } from "./read";

/** A diff's effect on a file; `source` is the file that a rename or a copy starts from. */
export type FileStep = { kind: "edit" | "create" | "delete"; path: string } | MoveStep;
type MoveStep = { kind: "rename" | "copy"; path: string; source: string };

/** `exists` tells of a path whether a file is there; `siblings` are the other files of the text. */
export type Surroundings = {
  exists: (path: string) => boolean;
  /** Returns whether some file is in this folder. */
  hasFolder: (folder: string) => boolean;
  files: readonly DiffFile[];
};

type Side = "from" | "to";

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
  if (file.git === undefined && file.gitLine !== undefined && !from && !to) {
    throw new PatchRefused(`The names of "diff --git ${file.gitLine}" can't be told apart.`);
  }
  const isNew = file.isNew || (from && !from.exists && quotesNothing(file, "added"));
  const isDeleted = file.isDeleted || (to && !to.exists && quotesNothing(file, "removed"));
  const path = resolvePath(file, around);
  if (path === undefined) return undefined;
  // Subversion writes nothing but its name of a file that is added empty.
  if (file.named !== undefined && !from && !file.git && file.hunks.length === 0 && !around.exists(path)) {
    return { kind: "create", path };
  }
  if (isNew && isDeleted) throw new PatchRefused("The diff names no file on either side.");
  return { kind: isNew ? "create" : isDeleted ? "delete" : "edit", path };
}

/** A time at the epoch tells of a missing file only where the diff has no line of it. */
const quotesNothing = ({ hunks }: DiffFile, other: "added" | "removed"): boolean =>
  hunks.every(({ lines }) => lines.every(({ kind }) => kind === other));

const isNothing = (name: string | undefined): boolean => name === undefined || name === "/dev/null";

function resolvePath(file: DiffFile, around: Surroundings): string | undefined {
  const from = file.from?.name ?? file.git?.from;
  const to = file.to?.name ?? file.git?.to;
  if (from === undefined || to === undefined) return file.named;
  const isOneSided = file.isNew || file.isDeleted;
  const present = isOneSided && !file.from ? (file.isNew ? "to" : "from") : undefined;
  if (isNothing(from) && isNothing(to)) throw new PatchRefused("The diff names no file on either side.");
  if (isNothing(from)) return pathOfOne(file, to, "to", around);
  if (isNothing(to)) return pathOfOne(file, from, "from", around);
  return pathOfPair({ from, to }, around, file.named, present);
}

/**
 * Returns the path that both sides' names stand for. `present` is the side that has the file, where only one has it:
 * then both names are one, with prefixes.
 */
function pathOfPair(
  { from, to }: { from: string; to: string },
  around: Surroundings,
  named?: string,
  present?: Side,
): string {
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
  if (present !== undefined) return pathOfPresent({ from, to }, around, present);
  const candidates = [from, to, oldRest, newRest].filter((path) => path !== undefined);
  const only = onlyExisting(candidates, around) ?? withoutSuffix(from, to) ?? named;
  if (only !== undefined) return only;
  throw new PatchRefused(`The diff names two files, ${from} and ${to}, and doesn't tell which of them changes.`);
}

/** A new or deleted file whose names have prefixes that are no single folders. */
function pathOfPresent(pair: { from: string; to: string }, around: Surroundings, side: Side): string {
  const prefix = prefixOf(side, around);
  if (prefix !== undefined && pair[side].startsWith(prefix)) return pair[side].slice(prefix.length);
  const [ending] = sharedEndings(pair.from, pair.to);
  const isCutInName = ending === undefined || /[^/]$/.test(sharedPrefixEnds(pair, ending));
  if (isCutInName)
    throw new PatchRefused(`The diff names ${pair.from} and ${pair.to}, whose prefixes can't be told from their path.`);
  return ending;
}

/** Returns the part of a name that both names share right before their common ending, where a prefix ends in one. */
function sharedPrefixEnds({ from, to }: { from: string; to: string }, ending: string): string {
  const [old, now] = [from.slice(0, -ending.length - 1), to.slice(0, -ending.length - 1)];
  return old !== "" && now !== "" && old.at(-1) === now.at(-1) ? (old.at(-1) as string) : "";
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

/**
 * The path where one side is nothing. "diff --git" tells its prefix; else the other files of the text, which were written
 * with the same; else what is there. Refused where a prefix and a folder can't be told apart.
 */
function pathOfOne(file: DiffFile, name: string, side: Side, around: Surroundings): string {
  const pair = file.git ?? (file.gitLine === undefined ? undefined : pairAround(file.gitLine, name, side));
  if (pair) return pathOfPair(pair, around, undefined, side);
  const prefix = prefixOf(side, around);
  if (prefix !== undefined && name.startsWith(prefix)) return name.slice(prefix.length);
  if (file.named !== undefined && file.named === withoutFirst(name)) return file.named;
  // quilt's "Index: proj/x" and "proj.orig/x".
  const inTree = withoutFirst(name);
  if (file.named !== undefined && file.named !== name && inTree !== undefined && inTree === withoutFirst(file.named)) {
    return inTree;
  }
  const usual = new RegExp(side === "to" ? "^[bwi2]/(.+)" : "^[acio1]/(.+)").exec(name)?.[1];
  // quilt writes the folder of the whole tree before each name, and no other tool "Index:" and "/dev/null".
  const rest = usual ?? (file.named === name ? withoutFirst(name) : undefined);
  if (rest === undefined) return name;
  const [isWhole, isRest] = [around.exists(name), around.exists(rest)];
  if (isWhole !== isRest) return isWhole ? name : rest;
  const hasFolder = around.hasFolder(name.split("/", 1)[0] as string);
  if (usual !== undefined && !isWhole && !hasFolder) return rest;
  if (usual === undefined && hasFolder) return name;
  throw new PatchRefused(`The diff may mean ${name} or ${rest}. Make it with git's usual prefixes (a/ and b/).`);
}

/** "X Y" of which one is known. */
function pairAround(line: string, name: string, side: Side): { from: string; to: string } | undefined {
  if (side === "to") return line.endsWith(` ${name}`) ? { from: line.slice(0, -name.length - 1), to: name } : undefined;
  return line.startsWith(`${name} `) ? { from: name, to: line.slice(name.length + 1) } : undefined;
}

/** The prefix of this side in the files of the text that have both names, where all have the same. */
function prefixOf(side: Side, around: Surroundings): string | undefined {
  const prefixes = new Set<string>();
  for (const { from, to, renamed, copied } of around.files) {
    if (!from || !to || renamed || copied || isNothing(from.name) || isNothing(to.name)) continue;
    const path = attemptPath({ from: from.name, to: to.name }, around);
    const name = side === "from" ? from.name : to.name;
    if (path === undefined || !name.endsWith(path)) return undefined;
    prefixes.add(name.slice(0, name.length - path.length));
  }
  const [prefix] = prefixes;
  return prefixes.size === 1 ? prefix : undefined;
}

function attemptPath(pair: { from: string; to: string }, around: Surroundings): string | undefined {
  try {
    return pathOfPair(pair, around);
  } catch (error) {
    if (error instanceof PatchRefused) return undefined;
    throw error;
  }
}
