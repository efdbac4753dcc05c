import { useEffect, useState } from "react";

/** Returns the seconds left of `seconds`, restarted for each new `since`; 0 when over. */
export function useCountdown(seconds: number, since: unknown): number {
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second refusal may ask for as many seconds as the first
  useEffect(() => {
    setLeft(seconds);
    const endsAt = Date.now() + seconds * 1_000;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((endsAt - Date.now()) / 1_000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [seconds, since]);
  return left;
}
