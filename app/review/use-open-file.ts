import { useLocation, useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";

/** The open file's path while it is being added to the URL. */
let named: string | undefined;

/** Returns whether a navigation only adds the open file's name to the URL, which needs no reload. */
export const namesOpenFile = (from: URL, to: URL): boolean =>
  named !== undefined && !from.searchParams.has("file") && to.searchParams.get("file") === named;

/**
 * Adds the open file to the URL when the user chose none: what is decided, or a review's end, would else switch to
 * another file, as the one that is opened unasked is that with the worst findings.
 */
export function useOpenFile(path: string | undefined, hasOthers: boolean): void {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const { hash } = useLocation();
  const isUnnamed = hasOthers && path !== undefined && !query.has("file") && !query.has("thread");
  useEffect(() => {
    if (!isUnnamed || path === undefined) return;
    named = path;
    const search = `?${new URLSearchParams([...query, ["file", path]])}`;
    navigate({ search, hash }, { replace: true, preventScrollReset: true });
    return () => {
      named = undefined;
    };
  }, [isUnnamed, path, query, hash, navigate]);
}
