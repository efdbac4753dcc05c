import { useLocation, useNavigate } from "@remix-run/react";
import { useCallback, useEffect, useRef } from "react";
import type { PageFile } from "../review/page";
import { useToast } from "../ui/toast";
import type { CurrentHunk } from "./use-current-hunk";

/** Returns a function that leads to the next undecided hunk: of the open file, else of the next file that has one. */
export function useNextUndecided(files: readonly PageFile[], path: string, current: CurrentHunk): () => void {
  const navigate = useNavigate();
  const toast = useToast();
  const { state } = useLocation();
  const arrived = useRef<unknown>();
  useEffect(() => {
    if (arrived.current === state) return;
    arrived.current = state;
    if ((state as { isUndecided?: boolean } | null)?.isUndecided) current.showUndecided();
  }, [state, current]);
  return useCallback(() => {
    if (current.showUndecided()) return;
    const at = files.findIndex((file) => file.path === path);
    const others = [...files.slice(at + 1), ...files.slice(0, Math.max(at, 0))];
    const next = others.find(({ change }) => change && change.decided < change.hunks);
    if (next) navigate(`?file=${encodeURIComponent(next.path)}`, { state: { isUndecided: true } });
    else toast({ message: "Every change that is shown is decided." });
  }, [files, path, current, navigate, toast]);
}
