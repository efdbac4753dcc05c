/**
 * Names that every system can unpack: Windows knows fewer than a codebase may hold, and takes `A` and `a` for one file.
 */

export type PortableName = { path: string; name: string };

/** The maximum of a path segment in bytes of UTF-8: Linux's, less room for a number. */
const LONGEST_BYTES = 240;
// biome-ignore lint/suspicious/noControlCharactersInRegex: Windows takes none of them
const FORBIDDEN = /[<>:"|?*\\\x00-\x1f\x7f]/g;
/** Devices to Windows, whatever ending stands behind them. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/**
 * Returns a name for each path: its own where every system takes it beside the others, else one close to it. No two are
 * the same to a system that does not tell capitals or composed letters apart, and none is the folder of another.
 */
export function portableNames(paths: readonly string[]): PortableName[] {
  const wanted = paths.map((path) => ({ path, name: path.split("/").map(portableSegment).join("/") }));
  const taken = new Set<string>();
  const folders = new Set(wanted.flatMap(({ name }) => foldersOf(name).map(identity)));
  const names = new Map<string, string>();
  const isFree = (name: string) => !taken.has(identity(name)) && !folders.has(identity(name));
  const give = (path: string, name: string) => {
    taken.add(identity(name));
    names.set(path, name);
  };
  // Those that can keep their name come first, so that no other is given it.
  for (const { path, name } of wanted) if (name === path && isFree(name)) give(path, name);
  for (const { path, name } of wanted) if (!names.has(path)) give(path, firstFree(name, isFree));
  return paths.map((path) => ({ path, name: names.get(path) ?? path }));
}

/** Returns the first of `name`, `name-2`, `name-3`… (before the ending) that is free. */
export function firstFree(name: string, isFree: (name: string) => boolean): string {
  let free = name;
  for (let n = 2; !isFree(free); n++) free = name.replace(/(\.[^./]+)?$/, `-${n}$1`);
  return free;
}

/** Returns the key under which some file system takes two names for one. */
const identity = (name: string): string => name.normalize("NFKD").toUpperCase().toLowerCase();

const foldersOf = (name: string): string[] =>
  name
    .split("/")
    .slice(0, -1)
    .map((_, at, parts) => parts.slice(0, at + 1).join("/"));

function portableSegment(segment: string): string {
  const spelled = segment
    .replace(FORBIDDEN, "_")
    .replace(/[. ]+$/, (end) => "_".repeat(end.length))
    .replace(DEVICES, (device) => `${device}_`);
  return shortened(spelled);
}

function shortened(segment: string): string {
  if (Buffer.byteLength(segment) <= LONGEST_BYTES) return segment;
  const ending = /\.[^.]{1,15}$/.exec(segment)?.[0] ?? "";
  let stem = "";
  for (const char of segment.slice(0, segment.length - ending.length)) {
    if (Buffer.byteLength(stem + char + ending) > LONGEST_BYTES) break;
    stem += char;
  }
  return stem + ending;
}
