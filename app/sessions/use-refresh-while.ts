import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const REFRESH_INTERVAL_MS = 2_000;
const MAX_REFRESHES = 60;

/**
 * Revalidates the page every two seconds while something on it is pending and it is visible; for two minutes at most.
 */
export function useRefreshWhile(isPending: boolean): void {
  const { revalidate, state } = useRevalidator();
  const refreshes = useRef(0);
  useEffect(() => {
    if (!isPending || state !== "idle" || refreshes.current >= MAX_REFRESHES) return;
    const timer = setTimeout(() => {
      refreshes.current += 1;
      if (document.visibilityState === "visible") revalidate();
    }, REFRESH_INTERVAL_MS);
    return () => clearTimeout(timer);
  }, [isPending, revalidate, state]);
}
