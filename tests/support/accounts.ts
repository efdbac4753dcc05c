/** Accounts as people make them, for tests of what they do. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signUp, type User } from "@redline/core/accounts/internal";
import { restoreActor } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { readSentMail } from "@redline/core/platform/mail";
import { acceptInvitation, createTeam, invite } from "@redline/core/teams/index";
import { afterAll, beforeAll } from "vitest";

export const CLAIM = "the code that the launcher has";
export const PASSWORD = "seven quiet otters paddle";
export const ORIGIN = "http://localhost:4600";

export const somewhere = () => ({ network: randomUUID() });

let people = 0;
/** A form to sign up with, of somebody new. */
export const newPerson = (more: object = {}) => {
  people += 1;
  const username = `person${people}`;
  return {
    ...{ key: randomUUID(), name: `Person ${people}`, username, email: `${username}@example.com`, password: PASSWORD },
    ...more,
  };
};

/** Turns accounts on for the tests of a file, and makes the first one. */
export function withAccounts(): { admin: Actor } {
  const made = {} as { admin: Actor };
  let data = "";
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), "redline-accounts-"));
    Object.assign(process.env, {
      ...{ REDLINE_LOCAL: "1", REDLINE_AUTH: "on", REDLINE_DATA: data },
      SST_RESOURCE_OperatorSecret: JSON.stringify({ value: CLAIM }),
    });
    made.admin = await actorOf(await signUp(newPerson({ claim: CLAIM }), somewhere()));
  });
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  return made;
}

export const actorOf = (user: Pick<User, "id">): Promise<Actor> => restoreActor({ userId: user.id });

/** Returns the token of the newest mail to an address. */
export async function mailedToken(to: string): Promise<string> {
  const mail = (await readSentMail()).find((each) => each.to === to);
  const token = /\/once\/([\w-]{43})\n/.exec(mail?.text ?? "")?.[1];
  if (!token) throw new Error(`No mail with a link was sent to ${to}.`);
  return token;
}

/** A team of the actor's. */
export const teamOf = (actor: Actor) => createTeam(actor, { key: randomUUID(), name: "Reviewers" });

/** Somebody new, who was invited to a team and has joined it. */
export async function joinTeam(
  admin: Actor,
  teamId: string,
  role: "admin" | "manager" | "developer" | "designer" | "qa",
): Promise<Actor> {
  const person = newPerson();
  await invite(admin, { teamId, email: person.email, role, origin: ORIGIN });
  const invitation = await mailedToken(person.email);
  const user = await signUp({ ...person, invitation }, somewhere());
  await acceptInvitation(await actorOf(user), { token: invitation });
  return actorOf(user);
}
