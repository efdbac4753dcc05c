import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors";
import { signingKeys } from "./resources";

const sign = (body: string, scope: string, key: string) =>
  createHmac("sha256", key).update(`cursor\0${scope}\0${body}`).digest("base64url").slice(0, 22);

/** An opaque place to go on from. `scope` ties it to one list of one owner, so it can't be used on another. */
export function encodeCursor(key: Record<string, unknown>, scope: string): string {
  const body = Buffer.from(JSON.stringify(key)).toString("base64url");
  return `${body}.${sign(body, scope, signingKeys()[0])}`;
}

/** Throws INVALID_INPUT for a cursor that we did not make for this list. */
export function decodeCursor(cursor: string, scope: string): Record<string, unknown> {
  const [body = "", signature = ""] = cursor.split(".");
  const given = Buffer.from(signature);
  const isSignedWith = (key: string) => {
    const expected = Buffer.from(sign(body, scope, key));
    return expected.length === given.length && timingSafeEqual(expected, given);
  };
  if (!signingKeys().some(isSignedWith)) {
    throw new AppError("INVALID_INPUT", "That page link has expired. Start from the first page.", {
      field: "cursor",
    });
  }
  return JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
}
