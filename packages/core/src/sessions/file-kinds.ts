/** Tells kinds of files by their bytes, in the browser and on the server alike. */

/** Encodings of text that is not UTF-8, and can be made into it. */
export type OtherEncoding = "utf-16le" | "utf-16be" | "windows-1252";

export const ENCODING_NAMES: Record<OtherEncoding, string> = {
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Latin-1",
};

const starts = (bytes: Uint8Array, magic: readonly number[], at = 0): boolean =>
  magic.every((byte, index) => bytes[at + index] === byte);
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));

/** The first bytes of archives that are not unpacked here. */
const ARCHIVES: [name: string, magic: readonly number[], at?: number][] = [
  ["7z", ascii("7z\xbc\xaf\x27\x1c")],
  ["rar", ascii("Rar!\x1a\x07")],
  ["tar", ascii("ustar"), 257],
  ["gzip", [0x1f, 0x8b]],
  ["bzip2", ascii("BZh")],
  ["xz", ascii("\xfd7zXZ\0")],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["cab", ascii("MSCF\0")],
];

/** The kind of archive that bytes are, other than a zip; undefined for anything else. */
export function archiveKind(bytes: Uint8Array): string | undefined {
  const kind = ARCHIVES.find(([, magic, at]) => starts(bytes, magic, at))?.[0];
  return kind === "bzip2" && !(bytes[3] !== undefined && bytes[3] >= 0x31 && bytes[3] <= 0x39) ? undefined : kind;
}

/** Returns whether bytes begin as a zip does: a full one, an empty one, or the first part of a split one. */
export const beginsAsZip = (bytes: Uint8Array): boolean =>
  [ascii("PK\x03\x04"), ascii("PK\x05\x06"), ascii("PK\x07\x08")].some((magic) => starts(bytes, magic));

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The encoding of a text that is not UTF-8, as far as bytes tell; undefined for what is UTF-8 or no text. */
export function otherEncoding(bytes: Uint8Array): OtherEncoding | undefined {
  if (starts(bytes, [0xff, 0xfe])) return isTextIn("utf-16le", bytes) ? "utf-16le" : undefined;
  if (starts(bytes, [0xfe, 0xff])) return isTextIn("utf-16be", bytes) ? "utf-16be" : undefined;
  if (bytes.includes(0)) {
    const likely = likelyUtf16(bytes);
    return likely && isTextIn(likely, bytes) ? likely : undefined;
  }
  return !isUtf8(bytes) && isTextIn("windows-1252", bytes) ? "windows-1252" : undefined;
}

/** Detects UTF-16's byte order by which bytes of the pairs are mostly zero: code is mostly ASCII. */
function likelyUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const pairs = Math.floor(Math.min(bytes.length, 65_536) / 2);
  const zeros = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return "utf-16le";
  return even > pairs * 0.4 && odd < pairs * 0.05 ? "utf-16be" : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: text holds none of them
const NO_TEXT = /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]/;

function isTextIn(encoding: OtherEncoding, bytes: Uint8Array): boolean {
  try {
    return !NO_TEXT.test(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

/** Converts a text to UTF-8, without its byte order mark. */
export function toUtf8(bytes: Uint8Array, encoding: OtherEncoding): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(new TextDecoder(encoding).decode(bytes)));
}
