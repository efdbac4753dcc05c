/** Bundles that are built again when one of their sources changes, as `npm run dev` keeps the laptop's processes. */
import { watch } from "node:fs";
import { posix } from "node:path";
import { context } from "esbuild";

/** An editor that saves, or a checkout, changes several files; they are built together. */
const SETTLE_MS = 50;

/** @typedef {{ options: import("esbuild").BuildOptions, processes: string[] }} Bundle */

/** One bundle, and the files that the last build of it read. */
class WatchedBundle {
  /** @type {Set<string>} */
  #inputs = new Set();
  /** Any change may mend a failed build: what it misses may be a file that it could not read. */
  #isBroken = true;

  /** @param {import("esbuild").BuildContext} esbuild @param {string[]} processes */
  constructor(esbuild, processes) {
    this.esbuild = esbuild;
    this.processes = processes;
  }

  get inputs() {
    return this.#inputs;
  }

  /** @param {ReadonlySet<string>} paths */
  isAffectedBy(paths) {
    return this.#isBroken || [...paths].some((path) => this.#inputs.has(path));
  }

  /** Rejects when the sources can't be built; esbuild has then printed why. */
  async build() {
    this.#isBroken = true;
    const { metafile } = await this.esbuild.rebuild();
    this.#inputs = new Set(Object.keys(metafile?.inputs ?? {}));
    this.#isBroken = false;
  }
}

/**
 * Builds all bundles, then those that a change affects, until disposed. Watches the folders of what was read: esbuild's own
 * watcher looks at a few files at a time, those of packages among them, and notices a change seconds later.
 * @param {Bundle[]} bundles
 * @param {(process: string, changed: ReadonlySet<string>) => void} onRebuilt called once for each process of the bundles
 *   that were built again
 */
export async function watchBundles(bundles, onRebuilt) {
  /** @type {WatchedBundle[]} */
  const watched = [];
  for (const { options, processes } of bundles) {
    const bundle = new WatchedBundle(await context({ ...options, metafile: true }), processes);
    watched.push(bundle);
    await bundle.build();
  }
  /** @type {Map<string, import("node:fs").FSWatcher>} */
  const folders = new Map();
  /** @type {Set<string>} */
  let changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let building = Promise.resolve();

  const watchFolders = () => {
    const paths = watched.flatMap(({ inputs }) => [...inputs]).filter((path) => !path.includes("node_modules/"));
    for (const folder of new Set(paths.map((path) => posix.dirname(path)))) {
      if (folders.has(folder)) continue;
      const watcher = watch(folder, (_, name) => {
        changed.add(posix.join(folder, String(name)));
        clearTimeout(timer);
        timer = setTimeout(() => {
          building = building.then(rebuild);
        }, SETTLE_MS);
      });
      // The folder was removed; one that is made anew is watched after the next build.
      watcher.on("error", () => folders.delete(folder));
      folders.set(folder, watcher);
    }
  };
  const rebuild = async () => {
    const paths = changed;
    changed = new Set();
    const affected = watched.filter((bundle) => bundle.isAffectedBy(paths));
    const results = await Promise.allSettled(affected.map((bundle) => bundle.build()));
    const built = affected.filter((_, at) => results[at]?.status === "fulfilled");
    watchFolders();
    for (const process of new Set(built.flatMap(({ processes }) => processes))) onRebuilt(process, paths);
  };

  watchFolders();
  return {
    async dispose() {
      clearTimeout(timer);
      for (const watcher of folders.values()) watcher.close();
      await building;
      await Promise.all(watched.map(({ esbuild }) => esbuild.dispose()));
    },
  };
}
