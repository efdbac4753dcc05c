import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  actorOf,
  CLAIM,
  mailedToken,
  newPerson,
  ORIGIN,
  PASSWORD,
  somewhere,
  withAccounts,
} from "../../../../tests/support/accounts";
import { withProduct } from "../../../../tests/support/product";
import { signedInBy, signInWithPassword, startSignIn } from "../auth/index";
import { readSentMail } from "../platform/mail";
import { listTeams } from "../teams/index";
import { changePassword, getAccount, listDevices, revokeDevice, signOutEverywhere } from "./index";
import {
  confirmAddress,
  findUserByLogin,
  readUser,
  requestReset,
  resetPassword,
  sendConfirmation,
  signUp,
} from "./internal";

withProduct();
const made = withAccounts();

const at = () => ({
  address: randomUUID(),
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
});
const OTHER_PASSWORD = "nine brass kettles whistle";

/** Signs somebody up where anyone may. */
async function newAccount(more: object = {}) {
  process.env.REDLINE_SIGN_UP = "open";
  try {
    const person = newPerson(more);
    return { ...person, user: await signUp(person, somewhere()) };
  } finally {
    delete process.env.REDLINE_SIGN_UP;
  }
}

describe("signing up", () => {
  it("gives the first account what the laptop and the operator have made, and no other account", async () => {
    expect(made.admin).toMatchObject({ isOperator: true, teams: { tea_local: "admin", tea_operator: "admin" } });
    const { user } = await newAccount();
    expect(user).toMatchObject({ isConfirmed: false, teams: { [user.personalTeamId]: "admin" } });
    expect(user.isOperator).toBeUndefined();
    const again = signUp(newPerson({ claim: CLAIM }), somewhere());
    await expect(again).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("makes one account, with one team, when it is repeated at once and later", async () => {
    const person = newPerson();
    process.env.REDLINE_SIGN_UP = "open";
    const users = await Promise.all([1, 2, 3].map(() => signUp(person, somewhere())));
    users.push(await signUp(person, somewhere()));
    delete process.env.REDLINE_SIGN_UP;
    expect(new Set(users.map((each) => each.id)).size).toBe(1);
    const [user] = users;
    expect(Object.keys(user?.teams ?? {})).toEqual([user?.personalTeamId]);
  });

  it("refuses an address, a username and a key that are taken, in any case of letters", async () => {
    const { key, email, username } = await newAccount();
    const taken = (more: object) => expect(newAccount(more)).rejects;
    await taken({ email: email.toUpperCase() }).toMatchObject({ code: "USER_ALREADY_EXISTS", field: "email" });
    await taken({ username: username.toUpperCase() }).toMatchObject({ code: "USER_ALREADY_EXISTS", field: "username" });
    await taken({ key, password: OTHER_PASSWORD }).toMatchObject({ code: "USER_ALREADY_EXISTS" });
  });

  it.each(["s1A!rt", "Password123!", "passwordpassword", "alllowercase", "aaaaaaaaaaaaaaaaaaaa", "123456789012345"])(
    "refuses the password %s",
    async (password) => {
      await expect(newAccount({ password })).rejects.toMatchObject({ field: "password" });
    },
  );

  it("takes a password of four kinds of character, and any words of 15 characters", async () => {
    for (const password of ["kX9$mPq2vT", "otters paddle quietly"]) await newAccount({ password });
  });

  it("refuses a password that is its owner's name", async () => {
    const person = { name: "Bartholomew Quimby", username: "bartholomewquimby", password: "bartholomewquimby" };
    await expect(newAccount(person)).rejects.toMatchObject({ code: "WEAK_PASSWORD" });
  });

  it("is for those with an address of a domain, where that is set", async () => {
    process.env.REDLINE_SIGN_UP = "domain:example.org";
    const of = (email: string) => signUp(newPerson({ email }), somewhere());
    await expect(of("a@example.org.example.com")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(of("a@sub.example.org")).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await of("a@EXAMPLE.org")).toMatchObject({ isConfirmed: false });
    delete process.env.REDLINE_SIGN_UP;
  });

  it("is limited to five a minute from one network", async () => {
    const source = somewhere();
    const codes: string[] = [];
    for (let count = 0; count < 6; count++) {
      await signUp(newPerson({ username: "1" }), source).catch((error) => codes.push(error.code));
    }
    expect(codes).toEqual([...Array(5).fill("INVALID_INPUT"), "RATE_LIMIT_EXCEEDED"]);
  });
});

describe("an account", () => {
  it("is signed in by its username or its address, and by nothing else", async () => {
    const { username, email, user } = await newAccount();
    for (const login of [username, email.toUpperCase(), ` ${username} `]) {
      const { session } = await signInWithPassword({ login, password: PASSWORD }, at());
      expect(await signedInBy(session)).toMatchObject({ actor: { userId: user.id }, isConfirmed: false });
    }
    for (const given of [
      { login: username, password: `${PASSWORD} ` },
      { login: username, password: "" },
      { login: "nobody-of-that-name", password: PASSWORD },
      { login: "nobody@example.com", password: PASSWORD },
    ]) {
      await expect(signInWithPassword(given, at())).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
    }
  });

  it("is confirmed by the link that was mailed to its address, as often as it is followed", async () => {
    const { email, user } = await newAccount();
    await sendConfirmation(user, ORIGIN);
    const token = await mailedToken(email);
    for (let count = 0; count < 2; count++) expect((await confirmAddress(token)).isConfirmed).toBe(true);
    await expect(confirmAddress(`${token.slice(0, -1)}_`)).rejects.toMatchObject({ code: "TOKEN_EXPIRED" });
    await expect(resetPassword({ token, password: OTHER_PASSWORD })).rejects.toMatchObject({ code: "TOKEN_EXPIRED" });
  });

  it("gets a new password by a mailed link, once, which signs out everywhere", async () => {
    const { email, username, user } = await newAccount();
    const { session } = await signInWithPassword({ login: username, password: PASSWORD }, at());
    await requestReset(email.toUpperCase(), { ...somewhere(), origin: ORIGIN });
    await expect.poll(() => mailedToken(email).catch(() => "")).not.toBe("");
    const token = await mailedToken(email);
    await expect(resetPassword({ token, password: "password1234567" })).rejects.toMatchObject({
      code: "WEAK_PASSWORD",
    });
    await resetPassword({ token, password: OTHER_PASSWORD });
    await expect(resetPassword({ token, password: PASSWORD })).rejects.toMatchObject({ code: "TOKEN_EXPIRED" });
    expect(await signedInBy(session)).toBeUndefined();
    const { session: next } = await signInWithPassword({ login: username, password: OTHER_PASSWORD }, at());
    expect(await signedInBy(next)).toMatchObject({ actor: { userId: user.id }, isConfirmed: true });
  });

  it("is not said to exist by a request to reset its password", async () => {
    const before = (await readSentMail()).length;
    await requestReset("nobody-at-all@example.com", { ...somewhere(), origin: ORIGIN });
    expect(await readSentMail()).toHaveLength(before);
  });

  it("lists the browsers that are signed in, and signs out one or all of them", async () => {
    const { username, user } = await newAccount();
    await confirmed(user.id);
    const actor = await actorOf(user);
    const [first, second] = await Promise.all(
      [1, 2].map(async () => (await signInWithPassword({ login: username, password: PASSWORD }, at())).session),
    );
    const devices = await listDevices(actor, { signIn: first });
    expect(devices.map(({ name, isThisOne }) => [name, isThisOne]).toSorted()).toEqual([
      ["Firefox on Linux", false],
      ["Firefox on Linux", true],
    ]);
    await revokeDevice(actor, { id: devices.find((each) => !each.isThisOne)?.id ?? "" });
    expect(await signedInBy(second ?? "")).toBeUndefined();
    expect(await signedInBy(first ?? "")).toBeDefined();
    await signOutEverywhere(actor, {});
    expect(await signedInBy(first ?? "")).toBeUndefined();
    expect(await listDevices(actor, {})).toEqual([]);
  });

  it("changes its password by the current one, and stays signed in only where it is signed in anew", async () => {
    const { username, user } = await newAccount();
    await confirmed(user.id);
    const actor = await actorOf(user);
    const { session } = await signInWithPassword({ login: username, password: PASSWORD }, at());
    const wrong = changePassword(actor, { current: "a guess", password: OTHER_PASSWORD });
    await expect(wrong).rejects.toMatchObject({ code: "INVALID_CREDENTIALS", field: "current" });
    const account = await changePassword(actor, { current: PASSWORD, password: OTHER_PASSWORD });
    expect(await signedInBy(session)).toBeUndefined();
    expect(await signedInBy((await startSignIn(account, at())).session)).toBeDefined();
  });

  it("keeps no password: argon2id with 46 MiB", async () => {
    const { username } = await newAccount();
    const user = await findUserByLogin(username);
    expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    expect(JSON.stringify(await getAccount(made.admin, {}))).not.toContain("argon2");
  });

  it("is one of nobody else's: an operator without one has none, and no team of others is listed", async () => {
    const operator = { userId: "usr_operator", name: "Operator", personalTeamId: "tea_operator", teams: {} };
    await expect(getAccount(operator, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await listTeams(operator, {})).toEqual([]);
  });
});

async function confirmed(userId: string): Promise<void> {
  const user = await readUser(userId);
  if (!user) throw new Error("There is no such account.");
  await sendConfirmation(user, ORIGIN);
  await confirmAddress(await mailedToken(user.email));
}
