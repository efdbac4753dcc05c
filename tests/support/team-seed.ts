/** A team with members and open invitations, for operations on them. */
import { randomUUID } from "node:crypto";
import type { Role } from "@redline/core/access/schema";
import { hashPassword } from "@redline/core/accounts/passwords";
import { newUserWrites, readUser, startEpoch, type User } from "@redline/core/accounts/store";
import type { Actor } from "@redline/core/auth/schema";
import { nowIso } from "@redline/core/platform/clock";
import { newId } from "@redline/core/platform/ids";
import { issueToken } from "@redline/core/platform/one-time-tokens";
import { writeAll } from "@redline/core/platform/transaction";
import { writeInvitation } from "@redline/core/teams/invitation-store";
import { addMemberWrites, newTeamWrites, readMember, readTeam } from "@redline/core/teams/store";

export const SEEDED_PASSWORD = "seven quiet otters paddle";

const userOf = (id: string, name: string, teams: Record<string, Role>, passwordHash = "none"): User => ({
  ...{ id, name, username: id.slice(4, 30).toLowerCase(), email: `${id}@example.com`, passwordHash, teams },
  ...{ isConfirmed: true, epoch: 1, personalTeamId: `tea_${id.slice(4)}`, createdAt: nowIso() },
});

async function addMember(teamId: string, role: Role): Promise<string> {
  const user = userOf(newId("usr"), "Member", { [teamId]: role });
  const { id: userId, name, username } = user;
  const member = { userId, name, username, role, joinedAt: nowIso() };
  await writeAll([...newUserWrites(user, false), ...addMemberWrites(teamId, member, 10_000)]);
  return userId;
}

/** Makes the actor's account and team where they are missing, a second admin, a member, and two invitations. */
export async function seedTeam({ userId, name }: Actor, teamId: string) {
  const before = await readUser(userId);
  const passwordHash = await hashPassword(SEEDED_PASSWORD);
  const owner = { userId, name, username: "owner" };
  if (before) await startEpoch(userId, before.epoch, { passwordHash });
  else await writeAll(newUserWrites(userOf(userId, name, { [teamId]: "admin" }, passwordHash), false));
  const team = { id: teamId, name: "Seeded", isPersonal: false, createdAt: nowIso() };
  if (!(await readTeam(teamId))) await writeAll(newTeamWrites(team, owner));
  else if (!(await readMember(teamId, userId))) {
    await writeAll(addMemberWrites(teamId, { ...owner, role: "admin", joinedAt: nowIso() }, 10_000));
  }
  await addMember(teamId, "admin");
  const other = { ...team, id: newId("tea") };
  await writeAll(newTeamWrites(other, { ...owner, userId: newId("usr") }));
  const [invitation, elsewhere] = [newId("inv"), newId("inv")];
  const expiresAt = new Date(Date.now() + 60 * 60_000).toISOString();
  const open = {
    email: `${randomUUID()}@example.com`,
    role: "qa",
    invitedBy: name,
    createdAt: nowIso(),
    expiresAt,
  } as const;
  await writeInvitation({ ...open, teamId, id: invitation });
  await writeInvitation({ ...open, teamId: other.id, id: elsewhere });
  const token = await issueToken("invitation", { teamId: other.id, id: elsewhere }, 60 * 60);
  return { memberId: await addMember(teamId, "qa"), invitationId: invitation, token };
}
