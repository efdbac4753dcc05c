import { useEffect, useLayoutEffect } from "react";

/** `useLayoutEffect` in browsers; on the server, where React warns about it, an effect that does not run either. */
export const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;
