import { LIMITS } from "@redline/core/limits";
import { useCallback, useState } from "react";
import type { DroppedFiles } from "./dropped-files";
import { convertToUtf8, type IncomingFile, tooManyFilesMessage, validateFile, validateTotal } from "./incoming-file";

type Incoming = {
  files: IncomingFile[];
  /** A message about the last files added: skipped files, or why none was added. */
  remark?: { isProblem: boolean; text: string };
};

/** The files chosen for a new session, from whatever way they came. */
export function useIncomingFiles() {
  const [{ files, remark }, set] = useState<Incoming>({ files: [] });

  const add = useCallback(async ({ files: found, skipped }: DroppedFiles) => {
    const { maxFiles } = LIMITS.session;
    if (found.length > maxFiles) {
      set((before) => ({ ...before, remark: { isProblem: true, text: tooManyFilesMessage(found.length) } }));
      return;
    }
    const seen = await Promise.all(found.map(({ file, path }) => validateFile(file, path)));
    set((before) => {
      const paths = new Set(seen.map(({ path }) => path));
      // Choosing a file again means its newer content.
      const all = [...before.files.filter(({ path }) => !paths.has(path)), ...seen];
      if (all.length > maxFiles)
        return { ...before, remark: { isProblem: true, text: tooManyFilesMessage(all.length) } };
      const text = `Skipped ${skipped} ${skipped === 1 ? "file or folder" : "files or folders"} such as node_modules and .git.`;
      return { files: all, ...(skipped > 0 && { remark: { isProblem: false, text } }) };
    });
  }, []);

  const remove = useCallback((isGone: (file: IncomingFile) => boolean) => {
    set((before) => ({ files: before.files.filter((file) => !isGone(file)) }));
  }, []);

  const setLanguage = useCallback((id: number, language: string) => {
    set((before) => ({
      ...before,
      files: before.files.map((file) => (file.id === id ? { ...file, language } : file)),
    }));
  }, []);

  /** Converts these files to UTF-8, in place. */
  const convert = useCallback(async (chosen: readonly IncomingFile[]) => {
    const made = new Map(await Promise.all(chosen.map(async (file) => [file.id, await convertToUtf8(file)] as const)));
    set((before) => ({ ...before, files: before.files.map((file) => made.get(file.id) ?? file) }));
  }, []);

  return { convert, files, remark, problem: validateTotal(files), add, remove, setLanguage };
}
