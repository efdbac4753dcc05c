import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
import { rememberedRoutes } from "./scripts/remembered-routes.mjs";

/** Remix insists on its own entry for the server; ours exports that one's things and answers whole requests. */
const serverEntry: Plugin = {
  name: "redline-server-entry",
  enforce: "post",
  config: (_, { isSsrBuild }) =>
    isSsrBuild ? { build: { rollupOptions: { input: "./app/http/handler.server.ts" } } } : undefined,
};

/**
 * Remix brings a fetch of its own, a megabyte, for Nodes that had none. We never ask for it (`installGlobals`), and each
 * start would read it.
 */
const nodeHasFetch: Plugin = {
  name: "redline-node-has-fetch",
  enforce: "pre",
  apply: "build",
  resolveId: (id) => (id === "undici" ? "\0no-undici" : undefined),
  load: (id) => (id === "\0no-undici" ? "export default {};" : undefined),
};

/** Lucide's icons with a component of ours around them, which is rendered faster: see there. */
const lightIcons: Plugin = {
  name: "redline-light-icons",
  enforce: "pre",
  apply: "build",
  resolveId: (id, importer) =>
    id.endsWith("/createLucideIcon.mjs") && importer?.includes("/lucide-react/")
      ? fileURLToPath(new URL("./app/ui/lucide-icon.tsx", import.meta.url))
      : undefined,
};

/**
 * One letter past Latin 1 has V8 keep all of a file's source in two bytes a letter, some megabytes of the server. Strings are
 * escaped (`charset`), regular expressions are not: those are written with `\u`.
 */
const oneByteServer: Plugin = {
  name: "redline-one-byte-server",
  enforce: "post",
  apply: (_, { command, isSsrBuild }) => command === "build" && isSsrBuild === true,
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      // Small ones are dictionaries and grammars of packages, which are rarely loaded.
      if (file.type !== "chunk" || file.code.length < 500_000) continue;
      const at = file.code.search(/[\u0100-\uffff]/);
      if (at < 0) continue;
      this.warn(`${file.fileName} is kept in two bytes a letter: ${file.code.slice(Math.max(0, at - 40), at + 20)}`);
    }
  },
};

/** What is being built, for whoever operates it. A folder without a repository has no commit. */
function commit(): string {
  const { stdout } = spawnSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" });
  return process.env.GITHUB_SHA ?? (stdout?.trim() || "unknown");
}

export default defineConfig(({ command, isSsrBuild }) => ({
  plugins: [
    tailwindcss(),
    remix({
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        // The whole map of some thirty routes is one small file that browsers keep. Learning of them bit by bit would
        // put a part of it into each page and cost a request for each, which someone pays for.
        v3_lazyRouteDiscovery: false,
        unstable_optimizeDeps: true,
      },
    }),
    serverEntry,
    nodeHasFetch,
    lightIcons,
    rememberedRoutes(),
    oneByteServer,
  ],
  // One file holds all the server needs: it starts in half the time and runs without node_modules on AWS.
  ssr: { noExternal: command === "build" ? true : [/^@redline\//] },
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false, minify: "esbuild" },
  // Decided while building, so that React's development half is not part of every start.
  ...(command === "build" && {
    define: { "process.env.NODE_ENV": '"production"', "import.meta.env.REDLINE_COMMIT": JSON.stringify(commit()) },
  }),
  // The server's code is made small as well, as each start reads all of it; names stay, for logs and stacks.
  ...(isSsrBuild && { esbuild: { minifyIdentifiers: false, charset: "ascii" as const } }),
}));
