import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { fetchJson, RequestFailed } from "../http/fetch-json";

type Next = { version: number; isTrashed: boolean };

/** A server that could not be reached may be back by then. */
const AGAIN_MS = 5_000;

/** Revalidates the page of a difference when its session gets a later version, as from a program that follows a work tree. */
export function useNextVersion(sessionId: string, version: number, isFollowed: boolean): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!isFollowed) return;
    const left = new AbortController();
    const { signal } = left;
    void follow(`/sessions/${sessionId}/next-version?after=${version}`, version, signal, revalidate);
    return () => left.abort();
  }, [sessionId, version, isFollowed, revalidate]);
}

async function follow(url: string, version: number, signal: AbortSignal, onLater: () => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await whenVisible(signal);
      const next = await fetchJson<Next>(url, { signal, offlineMessage: "Can't reach Redline." });
      if (next.version > version || next.isTrashed) return onLater();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RequestFailed)) throw error;
      if (!error.isOffline && !error.isTemporary) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** A page out of sight holds no connection, of which a browser has six for all of Redline's pages. */
function whenVisible(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === "visible") return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
