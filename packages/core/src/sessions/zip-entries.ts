import { type Entry, getFileNameLowLevel } from "yauzl";
import { LIMITS } from "../limits";
import { isUtf8 } from "./file-kinds";

/** By the numbers of PKWARE's APPNOTE, 4.4.5. */
const METHODS = new Map([
  ...([1, 2, 3, 4, 5, 6] as const).map((number) => [number, "an old method of PKZIP"] as const),
  [9, "Deflate64"],
  [12, "BZip2"],
  [14, "LZMA"],
  [93, "Zstandard"],
  [95, "XZ"],
  [98, "PPMd"],
]);
const AES = 99;
const UTF8_NAME = 0x800;
const ENCRYPTED = 0x1 | 0x40;
const MADE_ON_UNIX = 3;
const MADE_ON_MAC = 19;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const SYMBOLIC_LINK = 0o120000;
/** An entry packed from a pipe is a file all the same. */
const PIPE = 0o010000;

/** Entries that systems add to every zip. */
const JUNK = /(?:^|\/)(?:__MACOSX\/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|Icon\r)$/i;

/**
 * An entry's name, `/` between its parts. Tools that do not say which letters they use write UTF-8 all the same, or what
 * their system writes: DOS's letters on Windows, Latin-1 on an old Unix.
 */
export function nameOfEntry({ generalPurposeBitFlag, fileNameRaw, extraFields, versionMadeBy }: Entry): string {
  const raw = Buffer.from(fileNameRaw);
  const isSaid = (generalPurposeBitFlag & UTF8_NAME) !== 0 || extraFields.some(({ id }) => id === 0x7075);
  if (isSaid) return getFileNameLowLevel(generalPurposeBitFlag, raw, extraFields, false);
  const system = versionMadeBy >>> 8;
  const letters = isUtf8(raw)
    ? "utf-8"
    : system === MADE_ON_UNIX || system === MADE_ON_MAC
      ? "windows-1252"
      : undefined;
  if (!letters) return getFileNameLowLevel(generalPurposeBitFlag, raw, extraFields, false);
  return new TextDecoder(letters).decode(raw).replaceAll("\\", "/");
}

/** Returns whether an entry is left out without a message: a folder, or a file that systems add by themselves. */
export const isLeftOutSilently = (name: string): boolean => name.endsWith("/") || JUNK.test(name);

/** Returns why an entry's name is an attack on the program that unpacks it, or undefined. */
export function hostilityOf(name: string): string | undefined {
  if (name.includes("\0")) return "a name with a NUL";
  if (name.startsWith("/") || /^[A-Za-z]:(?:$|\/)/.test(name)) return "an absolute path";
  return name.split("/").includes("..") ? "a path that leads out of it" : undefined;
}

/** Why an entry is not read while the rest is, or undefined. */
export function reasonToSkip(entry: Entry, name: string): string | undefined {
  const { generalPurposeBitFlag, compressionMethod, externalFileAttributes } = entry;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\x00-\x1f\x7f-\x9f]/.test(name)) return "its name holds control characters";
  if (name.length > LIMITS.file.maxPathChars) return `its name has more than ${LIMITS.file.maxPathChars} characters`;
  if (compressionMethod === AES || (generalPurposeBitFlag & ENCRYPTED) !== 0) return "encrypted";
  const type = (externalFileAttributes >>> 16) & FILE_TYPE;
  if (type === SYMBOLIC_LINK) return "a symbolic link";
  if (![0, REGULAR, PIPE].includes(type)) return "not a regular file";
  if (compressionMethod === 0 || compressionMethod === 8) return undefined;
  return `compressed with ${METHODS.get(compressionMethod) ?? `method ${compressionMethod}`}, which is not read here`;
}
