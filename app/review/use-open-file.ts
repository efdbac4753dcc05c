import { useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";

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
    navigate(`?${new URLSearchParams([...query, ["file", path]])}`, { replace: true, preventScrollReset: true });
  }, [isUnnamed, path, query, navigate]);
}
