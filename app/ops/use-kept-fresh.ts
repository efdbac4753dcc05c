import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

/** A look costs about forty of CloudWatch's metrics, $0.0004: often enough to see a redrive work, and no more. */
export const LOOK_EVERY_MS = 60_000;
/** Nobody is there any more. */
const IDLE_AFTER_MS = 30 * 60_000;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/**
 * Looks again each minute, while the page is visible and somebody is there. Returns false while the server is away: what
 * is shown then stays.
 */
export function useKeptFresh({ isPaused }: { isPaused: boolean }): boolean {
  const { revalidate, state } = useRevalidator();
  const navigation = useNavigation();
  const [isReached, setReached] = useState(true);
  const isBusy = useRef(false);
  isBusy.current = isPaused || state !== "idle" || navigation.state !== "idle";
  useEffect(() => {
    let touchedAt = Date.now();
    let lookedAt = Date.now();
    const touched = () => {
      touchedAt = Date.now();
    };
    const look = async () => {
      const now = Date.now();
      if (isBusy.current || document.visibilityState !== "visible") return;
      if (now - lookedAt < LOOK_EVERY_MS || now - touchedAt > IDLE_AFTER_MS) return;
      lookedAt = now;
      // Asked first: a page that fails to be read again would be replaced by the error.
      const answered = await fetch("/health", { cache: "no-store" }).then(
        () => true,
        () => false,
      );
      setReached(answered);
      if (answered && !isBusy.current) revalidate();
    };
    const timer = setInterval(look, LOOK_EVERY_MS / 10);
    document.addEventListener("visibilitychange", look);
    for (const touch of TOUCHES) document.addEventListener(touch, touched, { passive: true });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      for (const touch of TOUCHES) document.removeEventListener(touch, touched);
    };
  }, [revalidate]);
  return isReached;
}
