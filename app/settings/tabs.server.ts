import { PERMISSIONS } from "@redline/core/access/schema";
import { getActor } from "../http/actor.server";
import { getAuthState } from "../http/authenticate.server";

export type SettingsTab = "account" | "model" | "usage" | "operations";

/** Returns the settings pages that are shown to who is signed in, by what they may see. */
export async function settingsTabs(request: Request): Promise<SettingsTab[]> {
  const state = getAuthState(request);
  if (state === "anonymous") return [];
  const { teams, currentTeamId, personalTeamId, isOperator } = await getActor(request);
  const role = teams[currentTeamId ?? personalTeamId];
  const readers: readonly string[] = PERMISSIONS["usage.read"].roles;
  return [
    ...(state === "account" ? (["account"] as const) : []),
    "model",
    ...(role && readers.includes(role) ? (["usage"] as const) : []),
    ...(isOperator ? (["operations"] as const) : []),
  ];
}
