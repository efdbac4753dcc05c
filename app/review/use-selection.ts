import { useLocation, useNavigate, useSearchParams } from "@remix-run/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PageFinding } from "./page";
import { nextFinding, selectShownFindings } from "./shown-findings";

/**
 * Returns the finding or thread that is open in the margin, kept in the URL so that it can be shared. Selecting a
 * finding loads nothing and adds no history entry; opening a thread does.
 */
export function useSelection(path: string | undefined, findings: readonly PageFinding[]) {
  const [params] = useSearchParams();
  const { key } = useLocation();
  const requested = params.get("finding") ?? undefined;
  const requestedThread = params.get("thread") ?? undefined;
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(requested);
  const [thread, setThread] = useState(requestedThread);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each navigation brings the address's choice, even the same one
  useEffect(() => {
    setChosen(requested);
    setThread(requestedThread);
  }, [key, requested, requestedThread]);
  const isThere = findings.some((finding) => finding.identity === chosen);
  const before = useRef<{ path?: string; order: readonly string[]; selected?: string }>({ order: [] });
  // A decision takes its finding away from the ones that are open: the reader goes on with the next one.
  const next = before.current.path === path ? nextFinding(before.current, findings) : undefined;
  const { first } = selectShownFindings(findings, { isNitsOpen: false, isRestOpen: false });
  const selected = thread ? undefined : (next ?? (isThere ? chosen : first?.identity));

  const hrefOf = useCallback(
    (identity: string) => `?${new URLSearchParams({ ...(path && { file: path }), finding: identity })}`,
    [path],
  );
  useEffect(() => {
    const { shown } = selectShownFindings(findings, { isNitsOpen: false, isRestOpen: true, selected });
    before.current = { path, order: shown.map(({ identity }) => identity), selected };
    if (next === undefined) return;
    setChosen(next);
    window.history.replaceState(window.history.state, "", hrefOf(next));
  }, [path, findings, selected, next, hrefOf]);
  const select = useCallback(
    (identity: string) => {
      setChosen(identity);
      setThread(undefined);
      window.history.replaceState(window.history.state, "", hrefOf(identity));
    },
    [hrefOf],
  );
  const threadHref = useMemo(() => {
    // Once for all threads: a page has two links to each.
    const file = path ? `${new URLSearchParams({ file: path })}&` : "";
    return (id: string) => `?${file}thread=${id}`;
  }, [path]);
  const openThread = useCallback(
    (id: string | undefined, at: { replace?: boolean } = {}) => {
      setThread(id);
      const address = id ? threadHref(id) : `?${new URLSearchParams(path ? { file: path } : {})}`;
      navigate(address, { preventScrollReset: true, ...at });
    },
    [navigate, path, threadHref],
  );
  return { selected, select, hrefOf, thread, openThread, threadHref };
}
