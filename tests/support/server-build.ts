/** Compiles the routes from source as Remix does, so that tests of whole requests need no build. */
import type { ServerBuild } from "@remix-run/node";
import * as entryModule from "../../app/entry.server";
import * as rootModule from "../../app/root";
import routeConfig from "../../app/routes";

type Modules = Record<string, ServerBuild["routes"][string]["module"]>;

const modules = import.meta.glob("../../app/routes/*.{ts,tsx}", { eager: true }) as Modules;
const flags = { hasAction: false, hasLoader: false, hasErrorBoundary: false };

const root = { id: "root", path: "", module: rootModule as ServerBuild["routes"][string]["module"] };
const children = routeConfig.map(({ file, path, index }) => {
  const id = file.replace(/\.tsx?$/, "");
  const module = modules[`../../app/${file}`];
  if (!module) throw new Error(`No module for the route ${file}`);
  return { id, path, index, parentId: "root", module };
});

export const routes = Object.fromEntries(
  [root, ...children].map((route) => [route.id, route]),
) as ServerBuild["routes"];
export const entry = { module: entryModule } as ServerBuild["entry"];
export const assets: ServerBuild["assets"] = {
  entry: { module: "/assets/entry.client.js", imports: [] },
  routes: Object.fromEntries(
    [root, ...children].map(({ id, path, module, ...route }) => [
      id,
      {
        ...{ ...flags, ...route, id, path, module: `/assets/${id}.js`, imports: [], css: [] },
        ...{
          hasAction: "action" in module,
          hasLoader: "loader" in module,
          hasErrorBoundary: "ErrorBoundary" in module,
        },
        ...(id !== "root" && { parentId: "root" }),
      },
    ]),
  ) as unknown as ServerBuild["assets"]["routes"],
  url: "/assets/manifest.js",
  version: "test",
};
export const assetsBuildDirectory = "build/client";
export const basename = "/";
export const future = {
  v3_fetcherPersist: true,
  v3_relativeSplatPath: true,
  v3_throwAbortReason: true,
  v3_singleFetch: true,
  v3_lazyRouteDiscovery: false,
} as ServerBuild["future"];
export const isSpaMode = false;
export const mode = "production";
export const publicPath = "/";
