/** Turns what a difference came as into the files of its two sides, and stores them. */
import { cleanPath, repeatedPath, repeatedSentence, sortTree, storeFile } from "../codebases/internal";
import type { TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { mapConcurrently } from "../platform/map-concurrently";
import { diffKnownLines, type FileSides, PatchRefused, readSides } from "../text/index";
import type { ChangedFile, DifferenceContent, DifferenceFile } from "./schema";

type Side = Omit<FileSides, "textless"> & { textless?: string };

export type StoredSides = { base: TreeEntry[]; head: TreeEntry[]; files: DifferenceFile[] };

/** Files whose texts are written at the same time. */
const AT_ONCE = 16;

const TEXTLESS_NAMES: Record<string, string> = {
  binary: "binary file",
  symlink: "symbolic link",
  submodule: "submodule",
};

/**
 * Returns the changed files by path. Throws INVALID_INPUT for a patch that can't be read, for names that are no paths, and past
 * the limits.
 */
export function readContent(content: DifferenceContent): Side[] {
  const sides = content.kind === "patch" ? readPatch(content) : content.files.map(toSide);
  const named = sides.map(withTextOnly).sort((one, two) => (one.path < two.path ? -1 : 1));
  const repeated = repeatedPath(named);
  if (repeated !== null) throw new AppError("INVALID_INPUT", repeatedSentence(repeated), { field: "files" });
  if (named.length === 0) throw refuse("There is no difference: no file is changed.");
  const { maxFiles, maxBytes } = LIMITS.difference;
  if (named.length > maxFiles) throw refuse(`${named.length} changed files is too many. The limit is ${maxFiles}.`);
  const bytes = named.reduce((sum, { before, after }) => sum + sizeOf(before) + sizeOf(after), 0);
  if (bytes > maxBytes) {
    const megabytes = (of: number) => (of / 1024 / 1024).toFixed(of === maxBytes ? 0 : 1);
    throw refuse(`Both sides total ${megabytes(bytes)} MB. The limit is ${megabytes(maxBytes)} MB per difference.`);
  }
  return named;
}

const refuse = (message: string) => new AppError("INVALID_INPUT", message, { field: "files" });

const sizeOf = (text: string | null): number => (text === null ? 0 : Buffer.byteLength(text));

function readPatch({ patch, base }: Extract<DifferenceContent, { kind: "patch" }>): Side[] {
  try {
    const files = readSides(patch, new Map(base.map(({ path, text }) => [cleanPath(path), text])));
    return files.map(({ textless, ...file }) => ({ ...file, ...(textless && { textless: TEXTLESS_NAMES[textless] }) }));
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    throw new AppError("INVALID_INPUT", error.path ? `${error.path}: ${error.message}` : error.message, {
      field: "patch",
      cause: error,
    });
  }
}

function toSide({ path, from, isCopied, before = null, after = null, ...about }: ChangedFile): Side {
  const isMoved = from !== undefined && from !== path;
  const isThere = about.textless !== undefined || (before !== null && after !== null);
  const status = isMoved
    ? isCopied
      ? "copied"
      : "renamed"
    : isThere
      ? "modified"
      : before === null
        ? "added"
        : "deleted";
  return { path, ...(isMoved && { from }), status, before, after, ...about };
}

/** Names a file cleanly, and leaves out sides that can't be kept as text. */
function withTextOnly({ path, from, ...side }: Side): Side {
  const names = { path: cleanPath(path), ...(from !== undefined && { from: cleanPath(from) }) };
  const texts = [side.before ?? "", side.after ?? ""];
  const textless =
    side.textless ??
    (texts.some((text) => text.includes("\0"))
      ? TEXTLESS_NAMES.binary
      : texts.some((text) => sizeOf(text) > LIMITS.file.maxBytes)
        ? "over 5 MB"
        : undefined);
  if (textless === undefined) return { ...names, ...side };
  const { parts: _parts, ...rest } = side;
  return { ...names, ...rest, before: null, after: null, textless };
}

/** Stores both sides' texts; what they are is told by the trees of two versions, and by the files. */
export async function storeSides(teamId: string, sides: readonly Side[]): Promise<StoredSides> {
  const base = new Map<string, TreeEntry>();
  const head: TreeEntry[] = [];
  const files = await mapConcurrently(sides, AT_ONCE, async (side): Promise<DifferenceFile> => {
    const { path, from, status, before, after, oldMode, newMode, textless, parts } = side;
    const [old, now] = await Promise.all([
      before === null ? undefined : storeFile(teamId, from ?? path, before),
      after === null ? undefined : storeFile(teamId, path, after),
    ]);
    if (now) head.push(now);
    if (old) base.set(isOther(base.get(old.path), old) ? path : old.path, old);
    const hunks = textless ? [] : diffKnownLines(before ?? "", after ?? "", parts);
    return {
      ...{ path, status },
      ...(from !== undefined && { from }),
      ...(oldMode && { oldMode }),
      ...(newMode && { newMode }),
      ...(textless && { textless }),
      ...(parts && { parts }),
      added: hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart, 0),
      removed: hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0),
      hunks: hunks.length,
      ...(now && { headHash: now.hash }),
    };
  });
  const baseTree = [...base].map(([path, entry]) => ({ ...entry, path }));
  return { base: sortTree(baseTree), head: sortTree(head), files };
}

/** Of a copied file that is known in part, other lines may be known than of its source. */
const isOther = (there: TreeEntry | undefined, entry: TreeEntry): boolean =>
  there !== undefined && there.hash !== entry.hash;

/** Returns a file's entry on the base; undefined where it has none. */
export function baseEntryOf(base: readonly TreeEntry[], { path, from, status }: DifferenceFile): TreeEntry | undefined {
  if (status === "added") return undefined;
  const at = (name: string) => base.find((entry) => entry.path === name);
  return status === "copied" ? (at(path) ?? at(from ?? path)) : at(from ?? path);
}
