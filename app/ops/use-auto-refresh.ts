import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

/** Each refresh queries about 40 CloudWatch metrics ($0.0004). */
export const REFRESH_INTERVAL_MS = 60_000;
/** Refreshing stops after this long without user activity. */
const IDLE_AFTER_MS = 30 * 60_000;
const ACTIVITY_EVENTS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/**
 * Refreshes the page every minute while it is visible and the user is active. Returns false while the server can't be
 * reached; the page then keeps its data.
 */
export function useAutoRefresh({ isPaused }: { isPaused: boolean }): boolean {
  const { revalidate, state } = useRevalidator();
  const navigation = useNavigation();
  const [isReached, setReached] = useState(true);
  const isBusy = useRef(false);
  isBusy.current = isPaused || state !== "idle" || navigation.state !== "idle";
  useEffect(() => {
    let activeAt = Date.now();
    let refreshedAt = Date.now();
    const onActivity = () => {
      activeAt = Date.now();
    };
    const refresh = async () => {
      const now = Date.now();
      if (isBusy.current || document.visibilityState !== "visible") return;
      if (now - refreshedAt < REFRESH_INTERVAL_MS || now - activeAt > IDLE_AFTER_MS) return;
      refreshedAt = now;
      // Asked first: a page that fails to be read again would be replaced by the error.
      const isReached = await fetch("/health", { cache: "no-store" }).then(
        () => true,
        () => false,
      );
      setReached(isReached);
      if (isReached && !isBusy.current) revalidate();
    };
    const timer = setInterval(refresh, REFRESH_INTERVAL_MS / 10);
    document.addEventListener("visibilitychange", refresh);
    for (const touch of ACTIVITY_EVENTS) document.addEventListener(touch, onActivity, { passive: true });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
      for (const touch of ACTIVITY_EVENTS) document.removeEventListener(touch, onActivity);
    };
  }, [revalidate]);
  return isReached;
}
