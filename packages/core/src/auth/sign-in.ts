import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { days, nowSeconds } from "../platform/clock";
import { resources } from "../platform/resources";
import { beginAttempt } from "./attempts";
import { type Device, deviceCookie, readDevice } from "./devices";
import { deleteSignIn, readSignIn, renewSignIn, type SignInKey, writeSignIn } from "./store";

const LASTS_SECONDS = days(LIMITS.signIn.days);
const RENEW_BELOW_SECONDS = LASTS_SECONDS - days(1);
const AGENT_CHARS = 300;

/** The holder of the stage's secret, who has no account. */
export const OPERATOR_ID = "usr_operator";

const sha256Hash = (text: string) => createHash("sha256").update(text, "utf8");

/**
 * The source of an attempt: the viewer's address as the edge saw it, the cookie of a known device, and what the browser
 * says it is.
 */
export type SignInSource = { address: string; device?: string; agent?: string };

/** Cookie values; neither is stored. `device` keeps the browser known after its sign-in has expired. */
export type SignInCookies = { session: string; device: string };

/**
 * Signs the operator in by the stage's secret. Throws INVALID_CREDENTIALS, or RATE_LIMIT_EXCEEDED before the secret is
 * compared.
 */
export async function signInOperator(secret: string, source: SignInSource): Promise<SignInCookies> {
  const device = readDevice(OPERATOR_ID, source.device);
  const attempt = await beginAttempt({ account: OPERATOR_ID, address: source.address, device });
  // Hashes have one length, so that the comparison says nothing about the secret's.
  const isRight = timingSafeEqual(sha256Hash(secret).digest(), sha256Hash(resources.OperatorSecret.value).digest());
  if (!isRight) throw new AppError("INVALID_CREDENTIALS", "Incorrect operator secret.", { field: "secret" });
  await attempt.succeeded();
  return startSignIn({ id: OPERATOR_ID }, source, device);
}

/** Signs a browser in to an account whose owner is at it. `epoch` is the account's. */
export async function startSignIn(
  { id: userId, epoch }: { id: string; epoch?: number },
  source: SignInSource,
  device: Device | undefined = readDevice(userId, source.device),
): Promise<SignInCookies> {
  const token = randomBytes(32).toString("base64url");
  const agent = source.agent?.slice(0, AGENT_CHARS);
  await writeSignIn({ userId, tokenHash: hashOf(token) }, { lastsSeconds: LASTS_SECONDS, agent, epoch });
  return { session: `${userId}.${token}`, device: deviceCookie(userId, device) };
}

/**
 * Returns the user that a cookie signs in and the epoch it was made in, by one consistent read; undefined when it is
 * invalid or expired.
 */
export async function findSignIn(cookie: string): Promise<{ userId: string; epoch?: number } | undefined> {
  const key = parseCookie(cookie);
  const signIn = key && (await readSignIn(key));
  if (!key || !signIn) return undefined;
  if (signIn.ttl - nowSeconds() < RENEW_BELOW_SECONDS) await renewSignIn(key, LASTS_SECONDS);
  return { userId: key.userId, epoch: signIn.epoch };
}

/** Revokes a sign-in at once, in every process. */
export async function signOut(cookie: string): Promise<void> {
  const key = parseCookie(cookie);
  if (key) await deleteSignIn(key);
}

/** Returns the id of the user that a cookie would sign in, by its form alone. */
export const claimedUser = (cookie: string): string | undefined => parseCookie(cookie)?.userId;

/** Returns the id that a cookie's sign-in is listed by. */
export const signInId = (cookie: string): string | undefined => parseCookie(cookie)?.tokenHash;

const hashOf = (token: string): string => sha256Hash(token).digest("hex");

function parseCookie(cookie: string): SignInKey | undefined {
  const [userId, token, ...more] = cookie.split(".");
  if (!userId || !/^usr_[0-9A-Za-z]{1,26}$/.test(userId) || !token || token.length !== 43 || more.length > 0)
    return undefined;
  return { userId, tokenHash: hashOf(token) };
}
