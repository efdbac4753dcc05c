import { index, type RouteConfig, route } from "@remix-run/route-config";

/** The whole URL map. */
export default [
  index("routes/home.tsx"),
  route("health", "routes/health.ts"),
  route("theme", "routes/theme.ts"),
  route("logs/:id", "routes/logs.$id.ts"),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
