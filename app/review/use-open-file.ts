import { useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";

/** The open file's path while it is being added to the URL. */
let named: string | undefined;

/** Returns whether a navigation only adds the open file's name to the URL, which needs no reload. */
export const namesOpenFile = (from: URL, to: URL): boolean =>
  named !== undefined && !from.searchParams.has("file") && to.searchParams.get("file") === named;

/**
 * Names the open file in the address where nobody chose one, so that the end of a review does not swap the file under
 * the reader for the one that turned out to be the worst.
 */
export function useOpenFile(path: string | undefined, isReviewing: boolean): void {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const isUnnamed = isReviewing && path !== undefined && !query.has("file") && !query.has("thread");
  useEffect(() => {
    if (!isUnnamed || path === undefined) return;
    named = path;
    navigate(`?${new URLSearchParams([...query, ["file", path]])}`, { replace: true, preventScrollReset: true });
    return () => {
      named = undefined;
    };
  }, [isUnnamed, path, query, navigate]);
}
