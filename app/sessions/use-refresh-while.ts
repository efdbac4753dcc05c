import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const EVERY_MS = 2_000;

/** Asks for the page's data again every two seconds, while something on it is still on its way and the page is looked at. */
export function useRefreshWhile(isOnItsWay: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isOnItsWay || state !== "idle") return;
    const timer = setTimeout(() => document.visibilityState === "visible" && revalidate(), EVERY_MS);
    return () => clearTimeout(timer);
  }, [isOnItsWay, revalidate, state]);
}
