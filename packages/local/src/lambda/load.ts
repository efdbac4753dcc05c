/** Loaders of the functions' modules. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadFunction } from "./host";

/** One file a function, `<name>.js`, as the build writes them. */
export function fromBundles(folder: string): LoadFunction {
  return (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
}

/** TypeScript sources, for a process that can load them: `-` in the name stands for a folder where there is one. */
export function fromSources(folder: string): LoadFunction {
  return (name) => {
    const dash = name.indexOf("-");
    const nested = join(folder, name.slice(0, Math.max(0, dash)), `${name.slice(dash + 1)}.ts`);
    const path = dash > 0 && existsSync(nested) ? nested : join(folder, `${name}.ts`);
    return import(pathToFileURL(path).href);
  };
}
