import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { createTeam, listTeams } from "@redline/core/teams/index";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { teamCookie } from "../http/team-cookie.server";

/** Loads the actor's teams and the one they work in. */
export async function loadTeams(actor: Actor) {
  return { teams: await listTeams(actor, {}), currentId: actor.currentTeamId ?? actor.personalTeamId };
}

/** Creates a team or changes to another. Throws AppError. */
export async function performTeamsAction(actor: Actor, request: Request) {
  const form = await readTextForm(request);
  switch (form.get("intent")) {
    case "create": {
      const given = { key: formText(form, "key") ?? "", name: formText(form, "name") ?? "" };
      const { id, name } = await createTeam(actor, given);
      return workIn(request, { id, to: `/teams/${id}`, message: `Created ${name}.` });
    }
    case "choose": {
      const id = formText(form, "team") ?? "";
      const team = (await listTeams(actor, {})).find((each) => each.id === id);
      if (!team) throw new AppError("NOT_FOUND", "That team was not found.");
      return workIn(request, { id, to: "/sessions", message: `You work in ${team.name} now.` });
    }
    default:
      throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
  }
}

async function workIn(request: Request, { id, to, message }: { id: string; to: string; message: string }) {
  const headers = new Headers(await flash({ message }));
  headers.append("set-cookie", await teamCookie(request, id));
  return redirectWithin(request, to, { headers });
}
