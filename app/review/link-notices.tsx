import { useSearchParams } from "@remix-run/react";
import { useState } from "react";
import { Notice } from "../ui/notice";
import type { ReviewPage } from "./page";

/** Warns when the file, finding or thread of the followed link no longer exists. */
export function LinkNotices({ page }: { page: ReviewPage }) {
  const [query] = useSearchParams();
  const { file, openThread } = page;
  const path = query.get("file");
  const isFileGone = path !== null && file !== null && path !== file.path;
  // Of the link that was followed: a finding that is decided or fixed here is not missed.
  const [isFindingGone] = useState(() => !isFileGone && lacksFinding(page, query.get("finding")));
  return (
    <>
      {isFileGone && (
        <Notice tone="warn">
          <code className="break-all">{path}</code> is not in this session. {file.path} is shown instead.
        </Notice>
      )}
      {isFindingGone && (
        <Notice tone="warn">
          The linked finding no longer exists in {file?.path}. It was fixed, or its code changed.
        </Notice>
      )}
      {openThread === null && <Notice tone="warn">This thread no longer exists.</Notice>}
    </>
  );
}

/** Returns whether a finding is missing from the open file; unknown until its review is done and all of it is loaded. */
function lacksFinding({ file, followLog, findings }: ReviewPage, identity: string | null): boolean {
  if (identity === null || file === null || file.isPart || followLog !== undefined) return false;
  return !findings.some((finding) => finding.identity === identity);
}
