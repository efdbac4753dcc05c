import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const EVERY_MS = 2_000;
const AT_MOST = 60;

/**
 * Asks for the page's data again every two seconds, while something on it is still on its way and the page is looked at;
 * for two minutes at most, as what has not come by then may never come.
 */
export function useRefreshWhile(isOnItsWay: boolean): void {
  const { revalidate, state } = useRevalidator();
  const asked = useRef(0);
  useEffect(() => {
    if (!isOnItsWay || state !== "idle" || asked.current >= AT_MOST) return;
    const timer = setTimeout(() => {
      asked.current += 1;
      if (document.visibilityState === "visible") revalidate();
    }, EVERY_MS);
    return () => clearTimeout(timer);
  }, [isOnItsWay, revalidate, state]);
}
