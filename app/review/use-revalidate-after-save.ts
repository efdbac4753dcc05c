import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/** Revalidates the page when a delayed save created a newer version than it shows. */
export function useRevalidateAfterSave(saved: number | undefined, head: number): void {
  const { revalidate } = useRevalidator();
  const isBehind = saved !== undefined && saved > head;
  useEffect(() => {
    if (isBehind) revalidate();
  }, [isBehind, revalidate]);
}
