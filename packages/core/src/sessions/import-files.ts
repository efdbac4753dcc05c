import { cleanPath } from "../codebases/internal";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { requireLanguage } from "../reviewers/index";
import { archiveKind, beginsAsZip, ENCODING_NAMES, isUtf8, otherEncoding, toUtf8 } from "./file-kinds";
import type { IncomingFile } from "./schema";
import { unpackZip } from "./zip";
import { findZip } from "./zip-bounds";

export type TextFile = { path: string; text: string; language?: string };
export type Skipped = { path: string; reason: string };
type Taken = { files: TextFile[]; skipped: Skipped[] };

const refuse = (message: string, options: { field: string; details?: unknown }) =>
  new AppError("INVALID_INPUT", message, options);

/**
 * Turns what came in into texts with clean names, or refuses it as a whole. A file that was chosen must be text; of a
 * zip, what can't be reviewed is skipped and listed. A folder that all of a zip's files share is taken off. With
 * `convert`, text in UTF-16 or Latin-1 is made UTF-8; without, the refusal names it in `details.convertible`.
 */
export async function importFiles(
  incoming: IncomingFile[],
  { convert = false, maxFiles = LIMITS.session.maxFiles as number } = {},
): Promise<Taken> {
  const taken: Taken = { files: [], skipped: [] };
  for (const file of incoming) {
    if (file.bytes.length === 0 && file.path === "") continue;
    if (isZip(file)) await takeZip(file, taken, convert);
    else taken.files.push({ ...takeText(file, convert), language: knownLanguage(file.language) });
  }
  const { files, skipped } = taken;
  if (files.length > maxFiles) {
    throw refuse(
      `${files.length} files is too many. The limit is ${maxFiles} per session; choose the folder you want reviewed.`,
      { field: "files" },
    );
  }
  return { files: withDistinctNames(files), skipped };
}

/** Returns whether a file is an archive by its name, unless its content is text. */
const isZip = ({ path, bytes }: IncomingFile) => /\.zip$/i.test(path) && (beginsAsZip(bytes) || holdsZip(bytes));

function holdsZip(bytes: Uint8Array): boolean {
  const found = findZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return "archive" in found || found.problem === "split";
}

async function takeZip(file: IncomingFile, taken: Taken, convert: boolean): Promise<void> {
  const { members, skipped } = await unpackZip(file.path, file.bytes);
  const shared = sharedFolder(members.map(({ path }) => path));
  const inside = (path: string) => (path.startsWith(shared) ? path.slice(shared.length) : path);
  const left: Skipped[] = skipped.map(({ path, reason }) => ({ path: inside(path), reason }));
  const convertible: string[] = [];
  let count = 0;
  for (const { path, bytes } of members) {
    const member = { path: inside(path), bytes };
    if (bytes.length > LIMITS.file.maxBytes) {
      left.push({ path: member.path, reason: `over ${LIMITS.file.maxBytes / 1024 / 1024} MB` });
      continue;
    }
    const encoding = isText(bytes) ? undefined : otherEncoding(bytes);
    if (encoding && !convert) {
      convertible.push(member.path);
      left.push({
        path: member.path,
        reason: `${ENCODING_NAMES[encoding]} text; convert it to UTF-8 to have it reviewed`,
      });
    } else if (encoding || isText(bytes)) {
      taken.files.push(takeText(member, convert));
      count++;
    } else left.push({ path: member.path, reason: "not a text file" });
  }
  if (count === 0) throw nothingIn(file.path, left, convertible);
  taken.skipped.push(...left);
}

const NAMED = 5;

/** Returns the sentence for a zip of which nothing can be reviewed: it is empty, or each entry with the reason. */
function nothingIn(zip: string, left: readonly Skipped[], convertible: readonly string[]): AppError {
  if (left.length === 0) return refuse(`${zip} is empty: it holds no files.`, { field: "files" });
  const named = left.slice(0, NAMED).map(({ path, reason }) => `${path} (${reason})`);
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : "";
  return refuse(`${zip} holds nothing that can be reviewed: ${named.join(", ")}${more}.`, {
    field: "files",
    ...(convertible.length > 0 && { details: { convertible } }),
  });
}

const isText = (bytes: Uint8Array) => !bytes.includes(0) && isUtf8(bytes);

/** The text of a file, byte for byte: BOM and line ends stay. */
function takeText({ path: given, bytes }: IncomingFile, convert: boolean): TextFile {
  const path = cleanPath(given);
  if (bytes.length > LIMITS.file.maxBytes) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    throw new AppError("FILE_TOO_LARGE", `${path} is ${size} MB; a file may be 5 MB at most.`, { field: path });
  }
  const decode = (utf8: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8);
  if (isText(bytes)) return { path, text: decode(bytes) };
  const encoding = otherEncoding(bytes);
  if (encoding && convert) return { path, text: decode(toUtf8(bytes, encoding)) };
  if (encoding) {
    const name = ENCODING_NAMES[encoding];
    throw refuse(`${path} is not UTF-8 but looks like ${name} text. Convert it to UTF-8, or leave it out.`, {
      field: path,
      details: { convertible: [path] },
    });
  }
  throw refuse(`${path} is ${whatItIs(bytes)}`, { field: path });
}

function whatItIs(bytes: Uint8Array): string {
  const archive = archiveKind(bytes);
  if (archive)
    return `a ${archive} archive, which is not unpacked here. Unpack it and drop the folder, or pack it as a zip.`;
  if (beginsAsZip(bytes) || holdsZip(bytes)) {
    return "not a text file: it is or holds a zip. To have it unpacked, rename it so that it ends in .zip.";
  }
  if (bytes.includes(0)) return "not a text file: it holds NUL bytes.";
  return "not UTF-8 text. Save it as UTF-8 and try again.";
}

/** Throws INVALID_LANGUAGE for a language that Redline does not name; an empty choice means "detect". */
const knownLanguage = (language: string | undefined): string | undefined =>
  language ? requireLanguage(language) : undefined;

function sharedFolder(paths: string[]): string {
  const first = paths[0]?.match(/^[^/]+\//)?.[0] ?? "";
  return first !== "" && paths.every((path) => path.startsWith(first)) ? first : "";
}

/** Two files of one name (dropped from two folders): the later one gets a number. */
function withDistinctNames(files: TextFile[]): TextFile[] {
  const taken = new Set<string>();
  return files.map((file) => {
    let path = file.path;
    for (let n = 2; taken.has(path); n += 1) path = file.path.replace(/(\.[^./]+)?$/, `-${n}$1`);
    taken.add(path);
    return { ...file, path };
  });
}
