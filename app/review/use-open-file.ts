import { useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";

/** The file on the page while the address is being given its name. */
let named: string | undefined;

/** Whether an address only gains the name of the file on the page, so that there is nothing to load for it. */
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
