import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { fetchJson, RequestFailed } from "../http/fetch-json";
import type { ReviewPage } from "./page";

/**
 * Checks whether the session was moved to the trash, or restored, in another tab: when this one is shown or focused again,
 * and when `problem`, the reason why its draft can't be stored, changes. Reloads the page's data then.
 */
export function useTrashCheck({ id, isTrashed }: ReviewPage["session"], problem: string | undefined): void {
  const { revalidate } = useRevalidator();
  const shown = useRef(isTrashed);
  shown.current = isTrashed;
  useEffect(() => {
    const check = async () => {
      if (document.visibilityState !== "visible" || !navigator.onLine) return;
      const stored = await fetchTrashState(id);
      if (stored && stored.isTrashed !== shown.current) revalidate();
    };
    if (problem) void check();
    addEventListener("focus", check);
    document.addEventListener("visibilitychange", check);
    return () => {
      removeEventListener("focus", check);
      document.removeEventListener("visibilitychange", check);
    };
  }, [id, problem, revalidate]);
}

/** Returns null where the server can't be reached: what is shown stays then. */
async function fetchTrashState(id: string): Promise<{ isTrashed: boolean } | null> {
  try {
    return await fetchJson(`/sessions/${id}/trash-state`, { offlineMessage: "Can't reach Redline." });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return null;
  }
}
