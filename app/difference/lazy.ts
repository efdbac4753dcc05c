/** The difference view, which the browser loads for differences only. */
import { lazyHydrated } from "../ui/lazy-hydrated";

const load = () => import("./view");

export const LazyDifferenceColumn = lazyHydrated(() => load().then((view) => view.DifferenceColumn), { isBare: true });
export const LazyDifferenceBar = lazyHydrated(() => load().then((view) => view.DifferenceBar), { isBare: true });
export const LazyFileTree = lazyHydrated(() => load().then((view) => view.FileTree), { isBare: true });
