import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { LIMITS } from "../limits";
import { days, nowSeconds } from "../platform/clock";
import { signingKeys } from "../platform/resources";

/** A browser that has signed in to an account before. Its attempts have a rate limit of their own. */
export type Device = { id: string; account: string };

/** Returns the token of a known device: signed, not stored, valid for one account and a limited time. */
export function deviceCookie(account: string, known: Device | undefined): string {
  const id = known?.id ?? randomBytes(16).toString("base64url");
  const endsAt = nowSeconds() + days(LIMITS.signIn.deviceDays);
  return [id, endsAt, sign(signingKeys()[0], { id, account, endsAt })].join(".");
}

/**
 * Returns the device that a cookie names; undefined when it is another account's, expired, or not signed by this stage.
 */
export function readDevice(account: string, cookie: string | undefined): Device | undefined {
  const [, id, ends, signature] = /^([\w-]{22})\.(\d{1,12})\.([\w-]{43})$/.exec(cookie ?? "") ?? [];
  if (!id || !ends || !signature || Number(ends) <= nowSeconds()) return undefined;
  const given = Buffer.from(signature);
  const isSignedWith = (key: string) =>
    timingSafeEqual(Buffer.from(sign(key, { id, account, endsAt: Number(ends) })), given);
  return signingKeys().some(isSignedWith) ? { id, account } : undefined;
}

const sign = (key: string, { id, account, endsAt }: Device & { endsAt: number }): string =>
  createHmac("sha256", key).update(`device\0${account}\0${id}\0${endsAt}`).digest("base64url");
