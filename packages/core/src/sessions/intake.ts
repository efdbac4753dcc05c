import { cleanPath } from "../codebases/index";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { isLanguage } from "../reviewers/index";
import type { IncomingFile } from "./schema";
import { unpackZip } from "./zip";

export type TextFile = { path: string; text: string; language?: string };
export type Skipped = { path: string; reason: string };

const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const isZip = (file: IncomingFile) =>
  /\.zip$/i.test(file.path) && ZIP_MAGIC.every((byte, at) => file.bytes[at] === byte);

/**
 * Turns what came in into texts with clean names, or refuses it as a whole. A file that was chosen must be text; of a
 * zip, pictures and other binaries are skipped and listed. A folder that all of a zip's files share is taken off.
 */
export async function takeFiles(incoming: IncomingFile[]): Promise<{ files: TextFile[]; skipped: Skipped[] }> {
  const files: TextFile[] = [];
  const skipped: Skipped[] = [];
  for (const file of incoming) {
    if (file.bytes.length === 0 && file.path === "") continue;
    if (isZip(file)) await takeZip(file, files, skipped);
    else files.push({ path: cleanPath(file.path), text: decode(file), language: knownLanguage(file.language) });
  }
  if (files.length > LIMITS.session.maxFiles) {
    throw new AppError(
      "INVALID_INPUT",
      `These are ${files.length} files; a session takes ${LIMITS.session.maxFiles} at most. Choose the folder you want reviewed.`,
      { field: "files" },
    );
  }
  return { files: withDistinctNames(files), skipped };
}

async function takeZip(file: IncomingFile, files: TextFile[], skipped: Skipped[]): Promise<void> {
  const members = await unpackZip(file.path, file.bytes);
  const clean = members.map((member) => ({ path: cleanPath(member.path), bytes: member.bytes }));
  const shared = sharedFolder(clean.map((member) => member.path));
  for (const member of clean) {
    const path = member.path.slice(shared.length);
    if (isBinary(member.bytes)) skipped.push({ path, reason: "not a text file" });
    else files.push({ path, text: decode({ path, bytes: member.bytes }) });
  }
  if (members.length === 0) throw new AppError("INVALID_INPUT", `${file.path} holds no files.`, { field: "files" });
}

const isBinary = (bytes: Uint8Array) => bytes.includes(0) || !isUtf8(bytes);

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The text of a file, byte for byte: BOM and line ends stay. */
function decode({ path, bytes }: IncomingFile): string {
  if (bytes.length > LIMITS.file.maxBytes) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    throw new AppError("FILE_TOO_LARGE", `${path} is ${size} MB; a file may be 5 MB at most.`, { field: path });
  }
  if (bytes.includes(0)) {
    throw new AppError("INVALID_INPUT", `${path} is not a text file: it holds NUL bytes.`, { field: path });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("INVALID_INPUT", `${path} is not UTF-8 text. Save it as UTF-8 and try again.`, {
      field: path,
      cause,
    });
  }
}

/** Throws INVALID_LANGUAGE for a language that Redline does not name; an empty choice means "detect". */
function knownLanguage(language: string | undefined): string | undefined {
  if (!language) return undefined;
  if (!isLanguage(language))
    throw new AppError("INVALID_LANGUAGE", `"${language.slice(0, 40)}" is not a language here.`);
  return language;
}

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
