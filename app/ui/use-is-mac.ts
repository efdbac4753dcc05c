import { useHydrated } from "./use-hydrated";

/** Returns whether the keyboard has ⌘ in place of Ctrl; false on the server and in the browser's first render. */
export function useIsMac(): boolean {
  return useHydrated() && /Mac|iPhone|iPad/.test(navigator.platform);
}
