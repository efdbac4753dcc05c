import { isPatchName } from "@redline/core/differences/schema";
import { Notice } from "../ui/notice";
import type { IncomingFile } from "./incoming-file";

/** Says that a patch is reviewed as the difference it makes, and of what; or that what is named so holds none. */
export function PatchNotice({ isPasted, files }: { isPasted: boolean; files: readonly IncomingFile[] }) {
  const isPatch = isPasted || files.some((file) => file.isPatch);
  const misnamed = files.find(({ path, problem }) => isPatchName(path) && !problem);
  if (!isPatch && misnamed) {
    return (
      <Notice tone="plain">
        <input type="hidden" name="as" value="files" />
        {misnamed.path} holds no patch: it will be reviewed as an ordinary file.
      </Notice>
    );
  }
  if (!isPatch) return null;
  return (
    <Notice tone="plain">
      <p>
        This is a patch: it will be reviewed as a difference.{" "}
        {files.some(({ path }) => !isPatchName(path))
          ? "The other files are taken as those that it was made of."
          : "Add the files that it was made of (or a zip of them) to see them whole; without them, only its hunks are shown."}
      </p>
      <label className="mt-1 flex items-center gap-2 text-13">
        <input type="checkbox" name="as" value="files" />
        Review it as an ordinary file instead
      </label>
    </Notice>
  );
}
