import { createHash, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import type { Role } from "../access/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { setting } from "../platform/env";
import { derivedId } from "../platform/ids";
import { canSendMail } from "../platform/mail";
import { parse } from "../platform/operation";
import { consumeRateLimit } from "../platform/rate-limit";
import { resources } from "../platform/resources";
import { retryOnConflict, type Write, writeAll } from "../platform/transaction";
import { findInvitation, newTeamWrites, type OpenInvitation } from "../teams/internal";
import { hashPassword, isPassword, requireStrong } from "./passwords";
import { emailAddress, newPassword, personName, username } from "./schema";
import { emailKey, FIRST, newUserWrites, ownerOf, readUser, type User } from "./store";

/** Who may sign up: anyone, who was invited, or who has an address of a domain. */
export type SignUpMode = { kind: "open" | "invited" } | { kind: "domain"; domain: string };

/** Returns whether people sign in with accounts of their own: where that is turned on, and mail can be sent. */
export const hasAccounts = (): boolean => setting("REDLINE_AUTH") === "on" && canSendMail();

export function signUpMode(): SignUpMode {
  const mode = setting("REDLINE_SIGN_UP");
  if (mode === "open" || mode === "invited") return { kind: mode };
  return { kind: "domain", domain: mode.slice("domain:".length) };
}

/** Returns whether there is an account already. The first one claims the stage with the operator's secret. */
export const isFirstAccountTaken = async (): Promise<boolean> => (await ownerOf(FIRST)) !== undefined;

const schema = v.object({
  key: v.pipe(v.string(), v.minLength(16), v.maxLength(64)),
  name: personName,
  email: emailAddress,
  username,
  password: newPassword,
  claim: v.optional(v.string()),
  invitation: v.optional(v.string()),
});
type Input = v.InferOutput<typeof schema>;

/**
 * Creates an account with its personal team. Idempotent: the same `key` with the same password returns the account that
 * an earlier attempt made. Throws WEAK_PASSWORD, USER_ALREADY_EXISTS, FORBIDDEN and RATE_LIMIT_EXCEEDED.
 */
export async function signUp(given: v.InferInput<typeof schema>, source: { network: string }): Promise<User> {
  const { perMinute } = LIMITS.signUp;
  await consumeRateLimit(`sign-up#${source.network}`, { perMinute, burst: perMinute });
  const input = await parse(schema, given);
  const id = derivedId("usr", "account", input.key);
  const before = await readUser(id);
  if (before) return repeated(before, input);
  const isFirst = !(await isFirstAccountTaken());
  const invitation = input.invitation ? await findInvitation(input.invitation) : undefined;
  requireMaySignUp(input, isFirst, invitation);
  await requireStrong(input.password, [input.name, input.email, input.username]);
  const user = await newUser(id, input, isFirst || isSameAddress(input.email, invitation?.email));
  try {
    await retryOnConflict(() => writeAll(writesFor(user, isFirst)));
    return (await readUser(id)) ?? user;
  } catch (error) {
    if (!failedTransactionItems(error)) throw error;
    const made = await readUser(id);
    if (made) return repeated(made, input);
    throw await alreadyTaken(input, isFirst);
  }
}

async function newUser(id: string, { name, email, username, password }: Input, isConfirmed: boolean): Promise<User> {
  return {
    ...{ id, name, email, username, isConfirmed, epoch: 1, teams: {}, createdAt: nowIso() },
    passwordHash: await hashPassword(password),
    personalTeamId: derivedId("tea", "personal", id),
  };
}

/** Teams that hold what was made before there were accounts, on the laptop and by the operator. */
const claimedTeams = (): { id: string; name: string }[] => [
  ...(setting("REDLINE_LOCAL") === "1" ? [{ id: "tea_local", name: "This laptop" }] : []),
  { id: "tea_operator", name: "Operators" },
];

function writesFor(user: User, isFirst: boolean): Write[] {
  const { id: userId, name, username, createdAt } = user;
  const personal = { id: user.personalTeamId, name, isPersonal: true, createdAt };
  const claimed = isFirst ? claimedTeams().map((each) => ({ ...each, isPersonal: false, createdAt })) : [];
  const all = [personal, ...claimed];
  const teams = Object.fromEntries(all.map(({ id }): [string, Role] => [id, "admin"]));
  const account = { ...user, teams, ...(isFirst && { isOperator: true }) };
  return [
    ...newUserWrites(account, isFirst),
    ...all.flatMap((team) => newTeamWrites(team, { userId, name, username })),
  ];
}

/** Returns the account that an earlier attempt made, whose response may have been lost. */
async function repeated(user: User, { password }: Input): Promise<User> {
  if (await isPassword(password, user.passwordHash)) return user;
  throw new AppError(
    "USER_ALREADY_EXISTS",
    "You have signed up already, with another password. Sign in with that one.",
  );
}

function requireMaySignUp(
  { email, claim = "" }: Input,
  isFirst: boolean,
  invitation: OpenInvitation | undefined,
): void {
  if (isFirst) {
    if (isClaimCode(claim)) return;
    throw new AppError("INVALID_CREDENTIALS", "Incorrect claim code. No account was made.", { field: "claim" });
  }
  if (invitation && !invitation.acceptedBy) return;
  const mode = signUpMode();
  if (mode.kind === "open") return;
  if (mode.kind === "domain" && email.toLowerCase().endsWith(`@${mode.domain}`)) return;
  const whom =
    mode.kind === "domain"
      ? `people with an address at ${mode.domain}, or who were invited`
      : "people who were invited";
  throw new AppError("FORBIDDEN", `Only ${whom} can sign up here. No account was made.`);
}

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest();

function isClaimCode(given: string): boolean {
  return timingSafeEqual(sha256(given.trim()), sha256(resources.OperatorSecret.value));
}

const isSameAddress = (email: string, other: string | undefined): boolean =>
  email.toLowerCase() === other?.toLowerCase();

async function alreadyTaken({ email }: Input, isFirst: boolean): Promise<AppError> {
  if (isFirst && (await isFirstAccountTaken())) {
    return new AppError("USER_ALREADY_EXISTS", "Somebody else has just claimed this Redline. No account was made.");
  }
  const isEmail = (await ownerOf(emailKey(email))) !== undefined;
  return isEmail
    ? new AppError("USER_ALREADY_EXISTS", "There is an account with this e-mail address. Sign in instead.", {
        field: "email",
      })
    : new AppError("USER_ALREADY_EXISTS", "This username is taken. Choose another one.", { field: "username" });
}
