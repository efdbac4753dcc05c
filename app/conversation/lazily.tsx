import type { ComponentType, ReactElement } from "react";

/**
 * A component whose code the browser loads when it is first drawn, inside a `Suspense`. On the server it is there from
 * the start, so that what it draws is in the page itself and reads without scripts.
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ((props: Props) => ReactElement) & { preload: () => Promise<void> } {
  let Part: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const start = (): Promise<void> => {
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
  if (typeof document === "undefined") void start();
  const Lazily = (props: Props) => {
    if (!Part) throw start();
    return <Part {...props} />;
  };
  return Object.assign(Lazily, { preload: start });
}
