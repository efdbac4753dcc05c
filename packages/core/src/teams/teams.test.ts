import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  actorOf,
  joinTeam,
  mailedToken,
  newPerson,
  ORIGIN,
  somewhere,
  teamOf,
  withAccounts,
} from "../../../../tests/support/accounts";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import { signUp } from "../accounts/internal";
import { getSession, listSessions, renameSession } from "../sessions/index";
import {
  acceptInvitation,
  createTeam,
  getTeam,
  invite,
  leaveTeam,
  listInvitations,
  listTeams,
  removeMember,
  renameTeam,
  revokeInvitation,
  setRole,
} from "./index";

withProduct();
const made = withAccounts();

/** The admin as they are with their next request. */
const admin = () => actorOf({ id: made.admin.userId });

async function newTeam() {
  const team = await teamOf(made.admin);
  return { team, owner: await admin() };
}

const rolesIn = async (teamId: string) =>
  (await getTeam(await admin(), { teamId })).members.map((each) => each.role).toSorted();

describe("a team", () => {
  it("is created once, however often the form is sent, and renamed by its admin", async () => {
    const given = { key: randomUUID(), name: "  Reviewers " };
    const ids = (await Promise.all([1, 2, 3].map(() => createTeam(made.admin, given)))).map((each) => each.id);
    expect(new Set(ids).size).toBe(1);
    const teamId = ids[0] ?? "";
    const owner = await admin();
    await renameTeam(owner, { teamId, name: "Readers" });
    expect(await listTeams(owner, {})).toContainEqual(
      expect.objectContaining({ id: teamId, name: "Readers", role: "admin" }),
    );
    expect(await getTeam(owner, { teamId })).toMatchObject({ members: [{ userId: owner.userId, role: "admin" }] });
  });

  it("has a new member by an invitation, who reviews its sessions with the others by their role", async () => {
    const { team, owner } = await newTeam();
    const session = await pasteSession({ ...owner, currentTeamId: team.id }, { "a.ts": "export {};\n" });
    expect(session.teamId).toBe(team.id);
    const designer = await joinTeam(owner, team.id, "designer");
    expect(await getSession(designer, { id: session.id })).toMatchObject({ id: session.id });
    expect((await listSessions(designer, { teamId: team.id })).sessions).toHaveLength(1);
    expect((await listSessions(designer, {})).sessions).toEqual([]);
    const rename = () =>
      actorOf({ id: designer.userId }).then((actor) => renameSession(actor, { id: session.id, name: "Mine" }));
    await expect(rename()).rejects.toMatchObject({ code: "FORBIDDEN" });
    await setRole(owner, { teamId: team.id, userId: designer.userId, role: "developer" });
    expect((await rename()).name).toBe("Mine");
    await removeMember(owner, { teamId: team.id, userId: designer.userId });
    await expect(rename()).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    expect(await rolesIn(team.id)).toEqual(["admin"]);
  });

  it("has an admin always, whoever leaves, is removed or loses the role at once", async () => {
    const { team, owner } = await newTeam();
    const teamId = team.id;
    await expect(leaveTeam(owner, { teamId })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(setRole(owner, { teamId, userId: owner.userId, role: "qa" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const second = await joinTeam(owner, teamId, "admin");
    const results = await Promise.allSettled([
      leaveTeam(owner, { teamId }),
      leaveTeam(second, { teamId }),
      removeMember(owner, { teamId, userId: second.userId }),
    ]);
    expect(results.some((each) => each.status === "rejected")).toBe(true);
    const left = await Promise.all(
      [owner, second].map(async ({ userId }) => (await actorOf({ id: userId })).teams[teamId]),
    );
    expect(left.filter(Boolean)).toEqual(["admin"]);
  });

  it("that is personal takes nobody else, and isn't left", async () => {
    const owner = await admin();
    const teamId = owner.personalTeamId;
    const invited = invite(owner, { teamId, email: "a@example.com", role: "qa", origin: ORIGIN });
    await expect(invited).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(leaveTeam(owner, { teamId })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("an invitation", () => {
  it("makes one member when its acceptance is repeated, at once and later", async () => {
    const { team, owner } = await newTeam();
    const person = newPerson();
    await invite(owner, { teamId: team.id, email: person.email, role: "qa", origin: ORIGIN });
    const token = await mailedToken(person.email);
    const guest = await actorOf(await signUp({ ...person, invitation: token }, somewhere()));
    const accepted = await Promise.all([1, 2, 3].map(() => acceptInvitation(guest, { token })));
    accepted.push(await acceptInvitation(await actorOf({ id: guest.userId }), { token }));
    expect(new Set(accepted.map((each) => each.teamId))).toEqual(new Set([team.id]));
    expect(await rolesIn(team.id)).toEqual(["admin", "qa"]);
    expect(await listInvitations(owner, { teamId: team.id })).toEqual([]);
  });

  it("is for one person, and worth nothing once it is revoked or its member removed", async () => {
    const { team, owner } = await newTeam();
    const email = "somebody@example.com";
    const inviteOne = async () => {
      const { id } = await invite(owner, { teamId: team.id, email, role: "qa", origin: ORIGIN });
      return { id, token: await mailedToken(email) };
    };
    const { token } = await inviteOne();
    const member = await actorOf(await signUp(newPerson({ email, invitation: token }), somewhere()));
    await acceptInvitation(member, { token });
    const elsewhere = await teamOf(owner);
    const other = await joinTeam(await admin(), elsewhere.id, "qa");
    const expired = { code: "TOKEN_EXPIRED" };
    await expect(acceptInvitation(other, { token })).rejects.toMatchObject(expired);
    await removeMember(owner, { teamId: team.id, userId: member.userId });
    await expect(acceptInvitation(member, { token })).rejects.toMatchObject(expired);
    const revoked = await inviteOne();
    await revokeInvitation(owner, { teamId: team.id, id: revoked.id });
    await expect(acceptInvitation(other, { token: revoked.token })).rejects.toMatchObject(expired);
    expect(await rolesIn(team.id)).toEqual(["admin"]);
  });

  it("to be an admin is an admin's to send, and a manager's to no more than manage", async () => {
    const { team, owner } = await newTeam();
    const manager = await joinTeam(owner, team.id, "manager");
    const send = (role: "admin" | "manager") =>
      invite(manager, { teamId: team.id, email: "new@example.com", role, origin: ORIGIN });
    await expect(send("admin")).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await send("manager")).toMatchObject({ role: "manager" });
    const remove = removeMember(manager, { teamId: team.id, userId: owner.userId });
    await expect(remove).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("can't write headers into its mail by a team's name", async () => {
    const { team, owner } = await newTeam();
    const name = renameTeam(owner, { teamId: team.id, name: "A\r\nBcc: all@example.com" });
    await expect(name).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
