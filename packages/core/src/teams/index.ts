/** Teams, their members and invitations. */
import * as v from "valibot";
import { authorize } from "../access/index";
import { membershipWrite, readUser, requireConfirmedUser } from "../accounts/internal";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { derivedId } from "../platform/ids";
import { operation } from "../platform/operation";
import { retryOnConflict, writeAll } from "../platform/transaction";
import { acceptInvitationByToken } from "./accept";
import { deleteInvitation, queryInvitations } from "./invitation-store";
import { inviteByMail } from "./invite";
import { changeMember } from "./members";
import { invitationId, memberId, roleSchema, type Team, teamId, teamName } from "./schema";
import { newTeamWrites, queryMembers, readTeam, writeTeamName } from "./store";

const byTeam = v.object({ teamId });

async function loadTeam(actor: Actor, id: string): Promise<Team> {
  authorize(actor, "team.read", { teamId: id });
  const team = await readTeam(id);
  if (!team) throw new AppError("NOT_FOUND", "That team was not found.");
  const { name, isPersonal, createdAt } = team;
  return { id, name, isPersonal, createdAt };
}

/** Returns the actor's teams with their role in each: the personal one first, then by name. */
export const listTeams = operation("teams.list", "account.manage", v.object({}), async (actor) => {
  authorize(actor, "account.manage", { userId: actor.userId });
  const read = await Promise.all(Object.keys(actor.teams).map(readTeam));
  const teams = read.flatMap((each) => {
    const role = each && actor.teams[each.id];
    return role ? [{ id: each.id, name: each.name, isPersonal: each.isPersonal, role, members: each.members }] : [];
  });
  return teams.toSorted((a, b) => Number(b.isPersonal) - Number(a.isPersonal) || a.name.localeCompare(b.name, "en"));
});

/** Returns a team with its members, by name. */
export const getTeam = operation("teams.get", "team.read", byTeam, async (actor, input) => {
  const [team, members] = await Promise.all([loadTeam(actor, input.teamId), queryMembers(input.teamId)]);
  return { ...team, members: members.toSorted((a, b) => a.name.localeCompare(b.name, "en")) };
});

/** Creates a team whose admin is the actor. Idempotent by its key. */
export const createTeam = operation(
  "teams.create",
  "account.manage",
  v.object({ key: v.pipe(v.string(), v.minLength(8), v.maxLength(64)), name: teamName }),
  async (actor, { key, name }) => {
    authorize(actor, "account.manage", { userId: actor.userId });
    const user = await requireConfirmedUser(actor.userId);
    if (Object.keys(user.teams).length >= LIMITS.team.maxOwned) {
      throw new AppError(
        "PLAN_LIMIT_EXCEEDED",
        `You are in ${LIMITS.team.maxOwned} teams, which is the limit. Leave one first.`,
      );
    }
    const id = derivedId("tea", actor.userId, key);
    const team: Team = { id, name, isPersonal: false, createdAt: nowIso() };
    const admin = { userId: user.id, name: user.name, username: user.username };
    const membership = membershipWrite({ userId: user.id, teamId: id }, "admin", undefined);
    try {
      await retryOnConflict(() => writeAll([...newTeamWrites(team, admin), membership]));
    } catch (error) {
      // An earlier attempt of the same request succeeded; its response may have been lost.
      if (!failedTransactionItems(error) || !(await readUser(user.id))?.teams[id]) throw error;
    }
    return team;
  },
);

export const renameTeam = operation(
  "teams.rename",
  "team.rename",
  v.object({ teamId, name: teamName }),
  async (actor, input) => {
    const team = await loadTeam(actor, input.teamId);
    if (!(await writeTeamName(team.id, input.name))) throw new AppError("NOT_FOUND", "That team was not found.");
    return { ...team, name: input.name };
  },
);

/** Invites somebody by mail. `origin` is where the link of the mail leads. Only an admin invites admins. */
export const invite = operation(
  "teams.invite",
  "members.invite",
  v.object({ teamId, email: v.string(), role: roleSchema, origin: v.pipe(v.string(), v.url()) }),
  async (actor, input) => {
    if (input.role === "admin") authorize(actor, "members.manage", { teamId: input.teamId });
    return inviteByMail(actor, await loadTeam(actor, input.teamId), input);
  },
);

/** Returns the invitations that nobody accepted yet. */
export const listInvitations = operation("teams.invitations", "members.invite", byTeam, async (actor, input) => {
  const team = await loadTeam(actor, input.teamId);
  const invitations = await queryInvitations(team.id);
  return invitations.map(({ acceptedBy: _by, teamId: _team, ...each }) => each);
});

/** Revokes an invitation: its link is worth nothing from now on. */
export const revokeInvitation = operation(
  "teams.revokeInvitation",
  "members.invite",
  v.object({ teamId, id: invitationId }),
  async (actor, input) => {
    const team = await loadTeam(actor, input.teamId);
    await deleteInvitation({ teamId: team.id, id: input.id });
  },
);

/** Makes the actor a member of the team that the token of an invitation is for. Idempotent. Throws TOKEN_EXPIRED. */
export const acceptInvitation = operation(
  "teams.accept",
  "account.manage",
  v.object({ token: v.string() }),
  async (actor, { token }) => {
    authorize(actor, "account.manage", { userId: actor.userId });
    return acceptInvitationByToken(actor.userId, token);
  },
);

export const setRole = operation(
  "teams.setRole",
  "members.manage",
  v.object({ teamId, userId: memberId, role: roleSchema }),
  async (actor, { userId, role, ...input }) => changeMember(await loadTeam(actor, input.teamId), userId, role),
);

/** Removes a member, who is out with their next request. */
export const removeMember = operation(
  "teams.remove",
  "members.manage",
  v.object({ teamId, userId: memberId }),
  async (actor, { userId, ...input }) => changeMember(await loadTeam(actor, input.teamId), userId, undefined),
);

export const leaveTeam = operation("teams.leave", "team.leave", byTeam, async (actor, input) =>
  changeMember(await loadTeam(actor, input.teamId), actor.userId, undefined),
);
