import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { LIMITS } from "../limits";
import { days, nowSeconds } from "../platform/clock";
import { signingKeys } from "../platform/resources";

/** A browser that once signed in to an account: attempts of its own are counted apart from everyone else's. */
export type Device = { id: string; account: string };

/** The token of a known device: signed, not stored, valid for one account and a limited time. */
export function deviceCookie(account: string, known: Device | undefined): string {
  const id = known?.id ?? randomBytes(16).toString("base64url");
  const endsAt = nowSeconds() + days(LIMITS.signIn.deviceDays);
  return [id, endsAt, sign(signingKeys()[0], { id, account, endsAt })].join(".");
}

/** The device that a cookie's value stands for; undefined when it is another account's, too old or not of our making. */
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
