import { useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";

/** The open file's path while it is being added to the URL. */
let named: string | undefined;

/** Returns whether a navigation only adds the open file's name to the URL, which needs no reload. */
export const namesOpenFile = (from: URL, to: URL): boolean =>
  named !== undefined && !from.searchParams.has("file") && to.searchParams.get("file") === named;

/**
 * Adds the open file to the URL when the user chose none, so that the end of a review doesn't switch to another file.
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
