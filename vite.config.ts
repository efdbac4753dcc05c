import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";

/** Remix insists on its own entry for the server; ours exports that one's things and answers whole requests. */
const serverEntry: Plugin = {
  name: "redline-server-entry",
  enforce: "post",
  config: (_, { isSsrBuild }) =>
    isSsrBuild ? { build: { rollupOptions: { input: "./app/http/handler.server.ts" } } } : undefined,
};

export default defineConfig(({ command }) => ({
  plugins: [
    tailwindcss(),
    remix({
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
        unstable_optimizeDeps: true,
      },
    }),
    serverEntry,
  ],
  // One file holds all the server needs: it starts in half the time and runs without node_modules on AWS.
  ssr: { noExternal: command === "build" ? true : [/^@redline\//] },
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false },
}));
