import { modelNames } from "@redline/core/ai/internal";
import { health } from "@redline/core/platform/health";
import { resources } from "@redline/core/platform/resources";
import { version } from "../../package.json";
import { commit } from "../ops/versions.server";

/** `GET /health`: for load balancers, monitors and people. 503 when a dependency is down. */
export async function loader() {
  const { status, reason, checks } = await health();
  const body = {
    status,
    ...(reason !== undefined && { reason }),
    version,
    commit,
    stage: resources.App.stage,
    model: modelNames("reply")[0] ?? "builtin",
    checks,
  };
  return Response.json(body, { status: status === "ok" ? 200 : 503 });
}
