import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { days, nowSeconds } from "../platform/clock";
import { resources } from "../platform/resources";
import { beginAttempt } from "./attempts";
import { deviceCookie, readDevice } from "./devices";
import { deleteSignIn, readSignIn, renewSignIn, type SignInKey, writeSignIn } from "./store";

const LASTS_SECONDS = days(LIMITS.signIn.days);
const RENEW_BELOW_SECONDS = LASTS_SECONDS - days(1);

/** The user who operates the stage, and the only one until there are accounts. */
export const OPERATOR_ID = "usr_operator";

const sha256Hash = (text: string) => createHash("sha256").update(text, "utf8");

/** The source of an attempt: the viewer's address as the edge saw it, and the cookie of a known device. */
export type SignInSource = { address: string; device?: string };

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
  const token = randomBytes(32).toString("base64url");
  await writeSignIn({ userId: OPERATOR_ID, tokenHash: sha256Hash(token).digest("hex") }, LASTS_SECONDS);
  return { session: `${OPERATOR_ID}.${token}`, device: deviceCookie(OPERATOR_ID, device) };
}

/**
 * Returns the id of the user that a cookie signs in, by one consistent read; undefined when it is invalid or expired.
 */
export async function signedInUser(cookie: string): Promise<string | undefined> {
  const key = parseCookie(cookie);
  const endsAt = key && (await readSignIn(key));
  if (!key || endsAt === undefined) return undefined;
  if (endsAt - nowSeconds() < RENEW_BELOW_SECONDS) await renewSignIn(key, LASTS_SECONDS);
  return key.userId;
}

/** Revokes a sign-in at once, in every process. */
export async function signOut(cookie: string): Promise<void> {
  const key = parseCookie(cookie);
  if (key) await deleteSignIn(key);
}

function parseCookie(cookie: string): SignInKey | undefined {
  const [userId, token, ...more] = cookie.split(".");
  if (!userId || !/^usr_[0-9A-Za-z]{1,26}$/.test(userId) || !token || token.length !== 43 || more.length > 0)
    return undefined;
  return { userId, tokenHash: sha256Hash(token).digest("hex") };
}
