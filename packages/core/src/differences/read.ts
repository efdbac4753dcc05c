import { versionOf } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import type { Session, SessionDifference } from "../sessions/schema";
import type { DifferenceFile, DifferenceHead } from "./schema";
import { baseEntryOf } from "./sides";
import { queryHeadAt, readDifferenceHead } from "./store";

/** A changed file with its entries on both sides as they are now. */
export type FileOnBothSides = { file: DifferenceFile; before?: TreeEntry; after?: TreeEntry };

export type Difference = SessionDifference & {
  given: DifferenceHead;
  /** The base's files. */
  baseTree: TreeEntry[];
  files: FileOnBothSides[];
};

/** Returns a session's difference with the files of its base and of the head as it is now; undefined where it has none. */
export async function differenceOf(session: Session, codebase: Codebase): Promise<Difference | undefined> {
  const { difference } = session;
  if (!difference) return undefined;
  const [given, base] = await Promise.all([
    readDifferenceHead(session.teamId, session.id, difference.head),
    versionOf(codebase, difference.base),
  ]);
  if (!given) return undefined;
  return { ...difference, given, baseTree: base.tree, files: pairFiles(given.files, base.tree, codebase.tree) };
}

/**
 * Returns a file of a difference as it was at a version, with its entries on both sides. Throws FILE_NOT_FOUND, and
 * VERSION_NOT_FOUND for a version before the first head.
 */
export async function fileAtVersion(
  session: Session,
  codebase: Codebase,
  { version, path }: { version: number; path: string },
): Promise<FileOnBothSides> {
  const given = await queryHeadAt(session.teamId, session.id, version);
  if (!given) throw new AppError("VERSION_NOT_FOUND", `Version ${version} is no head of a difference.`);
  const [base, head] = await Promise.all([versionOf(codebase, given.base), versionOf(codebase, version)]);
  const found = pairFiles(given.files, base.tree, head.tree).find(({ file }) => file.path === path);
  if (!found) throw new AppError("FILE_NOT_FOUND", `There is no changed file "${path.slice(0, 120)}" in v${version}.`);
  return found;
}

/** Pairs the files that were given as changed, and any that were changed since. */
function pairFiles(given: DifferenceFile[], baseTree: TreeEntry[], headTree: TreeEntry[]): FileOnBothSides[] {
  const head = new Map(headTree.map((entry) => [entry.path, entry]));
  const known = new Set(given.map(({ path }) => path));
  const pairs = given.map((file): FileOnBothSides => {
    const before = baseEntryOf(baseTree, file);
    const after = head.get(file.path);
    return { file, ...(before && { before }), ...(after && { after }) };
  });
  const later = headTree.filter(({ path }) => !known.has(path));
  const added = later.map((after): FileOnBothSides => {
    const file: DifferenceFile = {
      path: after.path,
      status: "added",
      added: after.lines,
      removed: 0,
      hunks: after.lines > 0 ? 1 : 0,
      headHash: after.hash,
    };
    return { file, after };
  });
  return [...pairs, ...added].sort((one, two) => (one.file.path < two.file.path ? -1 : 1));
}
