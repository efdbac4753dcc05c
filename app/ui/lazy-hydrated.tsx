import { type ComponentType, type ReactElement, useEffect, useState } from "react";
import { useHydrated } from "./use-hydrated";

type LazyComponent<Props> = ((props: Props) => ReactElement) & {
  /** Loads the component's code ahead of rendering. */
  preload: () => Promise<void>;
};

type LazyOptions<Props> = {
  /** Shown until the code is loaded, where the server drew nothing. */
  fallback?: (props: Props) => ReactElement;
  /** Its elements stand in the layout of what is around it. */
  isBare?: boolean;
};

const RETRY_MS = 2_000;

/**
 * Returns a component whose code the browser loads on first render, with `fallback` until then. The server renders it
 * directly, so the page is readable without JavaScript, and the browser keeps that HTML until it can render the same.
 * (`Suspense` would discard the server's HTML with an error when anything around it changes first.)
 */
export function lazyHydrated<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { fallback, isBare = false }: LazyOptions<Props> = {},
): LazyComponent<Props> {
  let Loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const preload = (): Promise<void> => {
    loading ??= load().then(
      (loaded) => {
        Loaded = loaded;
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
  const className = isBare ? "contents" : undefined;
  if (isServer) void preload();
  const LazyHydrated = (props: Props) => {
    // The browser's first render of what the server drew keeps it, also where the code is here already.
    const isHydrated = useHydrated();
    const [keepsServerHtml] = useState(!isHydrated && !isServer);
    const [isLoaded, setHere] = useState(Loaded !== undefined && !keepsServerHtml);
    useEffect(() => {
      if (isLoaded) return;
      let isUnmounted = false;
      const start = () => preload().then(() => !isUnmounted && setHere(true), retry);
      const retry = () => !isUnmounted && setTimeout(start, RETRY_MS);
      void start();
      return () => {
        isUnmounted = true;
      };
    }, [isLoaded]);
    if (isLoaded && Loaded) {
      return (
        <div key="drawn" className={className}>
          <Loaded {...props} />
        </div>
      );
    }
    if (!keepsServerHtml && fallback) return fallback(props);
    // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set: it keeps what the server drew
    return <div key="still" className={className} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: "" }} />;
  };
  return Object.assign(LazyHydrated, { preload });
}
