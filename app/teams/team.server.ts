import { PERMISSIONS, type Permission, type Role } from "@redline/core/access/schema";
import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import {
  getTeam,
  invite,
  leaveTeam,
  listInvitations,
  removeMember,
  renameTeam,
  revokeInvitation,
  setRole,
} from "@redline/core/teams/index";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { redirectWithin } from "../http/safe-redirect.server";

/** Loads a team's settings and what the actor's role may change of them. */
export async function loadTeam(actor: Actor, teamId: string) {
  const { members, ...team } = await getTeam(actor, { teamId });
  const role = actor.teams[teamId];
  const isAllowed = (permission: Permission) =>
    role !== undefined && (PERMISSIONS[permission].roles as readonly string[]).includes(role);
  const can = {
    rename: isAllowed("team.rename"),
    invite: isAllowed("members.invite") && !team.isPersonal,
    manage: isAllowed("members.manage") && !team.isPersonal,
  };
  const invitations = can.invite ? await listInvitations(actor, { teamId }) : [];
  return { team, members, invitations, can, ownId: actor.userId };
}

/** Performs the submitted form's action. Throws AppError. */
export async function performTeamAction(actor: Actor, teamId: string, request: Request) {
  const form = await readTextForm(request);
  const text = (name: string) => formText(form, name) ?? "";
  const back = async (message: string, to = `/teams/${teamId}`) =>
    redirectWithin(request, to, { headers: await flash({ message }) });
  const role = text("role") as Role;
  switch (form.get("intent")) {
    case "rename":
      return back(`Renamed to ${(await renameTeam(actor, { teamId, name: text("name") })).name}.`);
    case "invite": {
      const { email } = await invite(actor, {
        teamId,
        email: text("email"),
        role,
        origin: new URL(request.url).origin,
      });
      return back(`Invited ${email}.`);
    }
    case "revoke":
      await revokeInvitation(actor, { teamId, id: text("id") });
      return back("Invitation revoked.");
    case "role": {
      const { name } = await setRole(actor, { teamId, userId: text("user"), role });
      return back(`${name} is ${role} now.`);
    }
    case "remove": {
      const { name } = await removeMember(actor, { teamId, userId: text("user") });
      return back(`${name} was removed.`, text("user") === actor.userId ? "/teams" : undefined);
    }
    case "leave":
      await leaveTeam(actor, { teamId });
      return back("You left the team.", "/teams");
    default:
      throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
  }
}
