import { isPatchName, isPatchText } from "@redline/core/differences/schema";
import { LIMITS } from "@redline/core/limits";
import { detectLanguage } from "@redline/core/reviewers/schema";
import {
  archiveKind,
  beginsAsZip,
  ENCODING_NAMES,
  isUtf8,
  type OtherEncoding,
  otherEncoding,
  toUtf8,
} from "@redline/core/sessions/schema";
import { formatBytes } from "../ui/format-bytes";

/** A file chosen for a new session, looked at before it is sent. */
export type IncomingFile = {
  id: number;
  path: string;
  file: File;
  /** The detected language; empty for a zip. */
  detected: string;
  /** The language chosen by the user; empty for `detected`. */
  language: string;
  /** The reason it can't be uploaded. */
  problem?: string;
  /** It holds a patch, and is named so. */
  isPatch?: boolean;
  /** Encoding of its text, where that could be converted to UTF-8. */
  encoding?: OtherEncoding;
};

const HEAD_CHARS = 4_096;

let nextId = 1;

export const isZipName = (path: string): boolean => /\.zip$/i.test(path);

/** Validates a file as the server will: its size, and whether it is text. Never rejects; errors are in `problem`. */
export async function validateFile(file: File, path: string): Promise<IncomingFile> {
  const isZip = isZipName(path);
  const seen: IncomingFile = { id: nextId++, path, file, detected: "", language: "" };
  const limit = isZip ? LIMITS.session.maxBytes : LIMITS.file.maxBytes;
  if (file.size > limit) {
    return {
      ...seen,
      problem: `Too large by ${formatBytes(file.size - limit)}. The limit is ${formatBytes(limit)} per ${isZip ? "zip" : "file"}.`,
    };
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isZip) {
      // Whether it holds one behind something else, as self-extractors do, is for the server to find out.
      const isReadable = beginsAsZip(bytes) || bytes.includes(0);
      return isReadable ? seen : { ...seen, problem: "Not a readable zip file." };
    }
    const encoding = otherEncoding(bytes);
    if (encoding) return { ...seen, encoding, problem: `This looks like ${ENCODING_NAMES[encoding]} text, not UTF-8.` };
    const problem = findContentProblem(bytes);
    if (problem) return { ...seen, problem };
    const text = new TextDecoder("utf-8").decode(bytes.subarray(0, 4 * HEAD_CHARS));
    const isPatch = isPatchName(path) && isPatchText(new TextDecoder("utf-8").decode(bytes));
    return { ...seen, detected: detectLanguage(path, text.slice(0, HEAD_CHARS)), ...(isPatch && { isPatch }) };
  } catch {
    return { ...seen, problem: "Couldn't read this file. It may have been moved; choose it again." };
  }
}

function findContentProblem(bytes: Uint8Array): string | undefined {
  const archive = archiveKind(bytes);
  if (archive) return `Unsupported archive (${archive}). Unpack it and drop the folder, or repack it as a zip.`;
  if (beginsAsZip(bytes)) return "This is a zip with another extension. Rename it to .zip so it can be unpacked.";
  if (bytes.includes(0)) return "Not a text file: it contains NUL bytes.";
  return isUtf8(bytes) ? undefined : "Not UTF-8 text. Save it as UTF-8 and try again.";
}

/** Returns the file converted to UTF-8 and validated again. */
export async function convertToUtf8({ file, path, encoding }: IncomingFile): Promise<IncomingFile> {
  if (!encoding) return validateFile(file, path);
  const bytes = toUtf8(new Uint8Array(await file.arrayBuffer()), encoding);
  return validateFile(new File([bytes], file.name, { type: "text/plain", lastModified: file.lastModified }), path);
}

/** Returns an error message when the files together exceed a session's limits. */
export function validateTotal(files: readonly IncomingFile[]): string | undefined {
  const { maxFiles, maxBytes } = LIMITS.session;
  if (files.length > maxFiles) return tooManyFilesMessage(files.length);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > maxBytes) {
    return `These files total ${formatBytes(bytes)}. The limit is ${formatBytes(maxBytes)} per session.`;
  }
  return undefined;
}

export function tooManyFilesMessage(count: number): string {
  const shown = count.toLocaleString("en");
  return `${shown} files is too many. The limit is ${LIMITS.session.maxFiles} per session; choose the folder you want reviewed.`;
}
