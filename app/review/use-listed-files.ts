import { useMemo } from "react";
import type { PageThread } from "../conversation/page";
import type { PageFile, ReviewPage } from "./page";

/** Returns the files as they are listed: of the open one, with the threads that are open in it now. */
export function useListedFiles({ files, file }: ReviewPage, threads: readonly PageThread[]): readonly PageFile[] {
  return useMemo(() => {
    const isOpenHere = (each: PageThread) => each.path === file?.path && each.status === "open" && !each.isFileGone;
    const count = threads.filter(isOpenHere).length;
    return files.map((each) => (each.path === file?.path ? { ...each, threads: count } : each));
  }, [files, file?.path, threads]);
}
