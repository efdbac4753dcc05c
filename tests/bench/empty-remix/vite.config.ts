import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

/** The smallest Remix server there is, built as ours is: what our own figures are compared with. */
export default defineConfig({
  plugins: [
    remix({
      buildDirectory: process.env.EMPTY_REMIX_BUILD ?? "build",
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
      },
    }),
    {
      name: "server-entry",
      enforce: "post",
      config: (_, { isSsrBuild }) =>
        isSsrBuild ? { build: { rollupOptions: { input: "./app/server.ts" } } } : undefined,
    },
  ],
  ssr: { noExternal: true },
  build: { target: "es2022", reportCompressedSize: false },
});
