import { index, type RouteConfig, route } from "@remix-run/route-config";

/** The whole URL map. */
export default [
  index("routes/home.tsx"),
  route("auth/sign-in", "routes/auth.sign-in.tsx"),
  route("auth/sign-out", "routes/auth.sign-out.ts"),
  route("health", "routes/health.ts"),
  route("theme", "routes/theme.ts"),
  route("logs/:id", "routes/logs.$id.ts"),
  route("palette", "routes/palette.ts"),
  route("uploads", "routes/uploads.ts"),
  route("rules", "routes/rules.tsx"),
  route("trash", "routes/trash.tsx"),
  route("sessions", "routes/sessions.list.tsx"),
  route("sessions/new", "routes/sessions.new.tsx"),
  route("sessions/:id", "routes/sessions.$id.tsx"),
  route("sessions/:id/merge", "routes/sessions.$id.merge.tsx"),
  route("sessions/:id/act", "routes/sessions.$id.act.ts"),
  route("sessions/:id/draft", "routes/sessions.$id.draft.ts"),
  route("sessions/:id/check", "routes/sessions.$id.check.ts"),
  route("sessions/:id/text", "routes/sessions.$id.text.ts"),
  route("sessions/:id/history", "routes/sessions.$id.history.tsx"),
  route("sessions/:id/compare", "routes/sessions.$id.compare.tsx"),
  route("sessions/:id/export.json", "routes/sessions.$id.export-json.ts"),
  route("sessions/:id/export.zip", "routes/sessions.$id.export-zip.ts"),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
