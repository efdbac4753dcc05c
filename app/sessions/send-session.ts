import { LIMITS } from "@redline/core/limits";
import { type IncomingFile, isZipName } from "./incoming-file";
import { upload } from "./upload";

/** Upload progress in bytes, of all files and of those being uploaded. */
export type Progress = { sent: number; total: number; files: { path: string; sent: number; total: number }[] };

const AT_ONCE = 3;

/** Keys of files already uploaded, so that a retry doesn't upload them again. */
export type Uploaded = Map<File, string>;

/**
 * Returns the form to post: small files inline, up to 1 MB in total, and keys of larger ones, which are uploaded first.
 * Throws UploadFailed.
 */
export async function packSession(
  form: FormData,
  files: readonly IncomingFile[],
  uploaded: Uploaded,
  onProgress: (progress: Progress) => void,
): Promise<FormData> {
  const large = selectLargeFiles(files);
  const sent = new Map<IncomingFile, number>();
  const total = [...large].reduce((sum, { file }) => sum + file.size, 0);
  const reportProgress = () =>
    onProgress({
      sent: [...sent.values()].reduce((sum, bytes) => sum + bytes, 0),
      total,
      files: [...sent].flatMap(([{ path, file }, bytes]) =>
        bytes < file.size ? [{ path, sent: bytes, total: file.size }] : [],
      ),
    });
  if (large.size > 0) reportProgress();
  const waiting = [...large].filter(({ file }) => !uploaded.has(file));
  const sendNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (!next) return;
    const key = await upload(next.path, next.file, (bytes) => {
      sent.set(next, bytes);
      reportProgress();
    });
    uploaded.set(next.file, key);
    return sendNext();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));

  form.delete("files");
  const manifest = files.map(({ path, language, detected, file }) => ({
    path,
    ...(!isZipName(path) && { language: language || detected }),
    uploadKey: uploaded.get(file),
  }));
  form.set("manifest", JSON.stringify(manifest));
  for (const { file } of files) if (!uploaded.has(file)) form.append("files", file);
  return form;
}

/** Returns the files that don't fit inline: over 1 MB, or past 1 MB together with those before them. */
function selectLargeFiles(files: readonly IncomingFile[]): Set<IncomingFile> {
  const large = new Set<IncomingFile>();
  let inForm = 0;
  for (const each of files) {
    if (inForm + each.file.size > LIMITS.file.maxFormBytes) large.add(each);
    else inForm += each.file.size;
  }
  return large;
}
