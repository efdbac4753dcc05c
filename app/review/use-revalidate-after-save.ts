import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/** Shows the page anew when a save that was sent late (the connection was gone) made a version that it does not show. */
export function useRevalidateAfterSave(saved: number | undefined, head: number): void {
  const { revalidate } = useRevalidator();
  const isBehind = saved !== undefined && saved > head;
  useEffect(() => {
    if (isBehind) revalidate();
  }, [isBehind, revalidate]);
}
