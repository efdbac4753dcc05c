import { createHash } from "node:crypto";
import * as v from "valibot";
import { findUserByLogin, isPassword } from "../accounts/internal";
import { givenPassword } from "../accounts/schema";
import { AppError } from "../errors";
import { parse } from "../platform/operation";
import { beginAttempt } from "./attempts";
import { readDevice } from "./devices";
import { type SignInCookies, type SignInSource, startSignIn } from "./sign-in";

const schema = v.object({ login: v.pipe(v.string(), v.maxLength(300)), password: givenPassword });

/**
 * Signs a person in by username or e-mail address. Of an unknown name it takes as long to say so. Throws
 * INVALID_CREDENTIALS, or RATE_LIMIT_EXCEEDED before the password is compared.
 */
export async function signInWithPassword(
  given: { login: string; password: string },
  source: SignInSource,
): Promise<SignInCookies> {
  const { login, password } = await parse(schema, given);
  const user = await findUserByLogin(login);
  const account = user?.id ?? unknownAccount(login);
  const device = readDevice(account, source.device);
  const attempt = await beginAttempt({ account, address: source.address, device });
  const isRight = await isPassword(password, user?.passwordHash);
  if (!user || !isRight) throw new AppError("INVALID_CREDENTIALS", "Incorrect username, e-mail address or password.");
  await attempt.succeeded();
  return startSignIn(user, source, device);
}

/** Names the bucket of a name that no account has, so that it fills as one's would. */
const unknownAccount = (login: string): string =>
  `unknown-${createHash("sha256").update(login.trim().toLowerCase(), "utf8").digest("hex")}`;
