import { type ComponentType, type ReactElement, useEffect, useState } from "react";
import { useHydrated } from "../ui/use-hydrated";

type Lazy<Props> = ((props: Props) => ReactElement) & {
  /** Has its code on the way before it is drawn. */
  preload: () => Promise<void>;
};

const RETRY_MS = 2_000;

/**
 * A component whose code the browser loads when it is first drawn, and `fallback` until then. On the server it is there
 * from the start, so that what it draws is in the page itself and reads without scripts; the browser leaves that as it
 * is until it can draw the same. (A `Suspense` would throw what the server drew away, with an error, when anything
 * around it changes before that.)
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  fallback?: (props: Props) => ReactElement,
): Lazy<Props> {
  let Part: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const preload = (): Promise<void> => {
    loading ??= load().then(
      (loaded) => {
        Part = loaded;
      },
      (error) => {
        // The network may be gone; the next time it is drawn it is asked for again.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  const isServer = typeof document === "undefined";
  if (isServer) void preload();
  const Lazily = (props: Props) => {
    // The browser's first render of what the server drew keeps it, also where the code is here already.
    const isHydrated = useHydrated();
    const [isKept] = useState(!isHydrated && !isServer);
    const [isHere, setHere] = useState(Part !== undefined && !isKept);
    useEffect(() => {
      if (isHere) return;
      let isGone = false;
      const start = () => preload().then(() => !isGone && setHere(true), retry);
      const retry = () => !isGone && setTimeout(start, RETRY_MS);
      void start();
      return () => {
        isGone = true;
      };
    }, [isHere]);
    if (isHere && Part) {
      return (
        <div key="drawn">
          <Part {...props} />
        </div>
      );
    }
    if (!isKept && fallback) return fallback(props);
    // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set: it keeps what the server drew
    return <div key="still" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: "" }} />;
  };
  return Object.assign(Lazily, { preload });
}
