import { timingSafeEqual } from "node:crypto";
import { AppError } from "@redline/core/errors";
import { hashText } from "@redline/core/platform/blobs";

/**
 * Lets only programs of the laptop's owner in: the token is in a file of the data folder that only they may read. Throws
 * NOT_FOUND where there is no such token, as on AWS, and UNAUTHORIZED for another.
 */
export function requireLocalToken(request: Request): void {
  const token = process.env.REDLINE_LOCAL_TOKEN;
  if (!token) throw new AppError("NOT_FOUND", "This page doesn't exist.");
  const given = /^Bearer ([0-9a-f]{64})$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const same = timingSafeEqual(Buffer.from(hashText(given)), Buffer.from(hashText(token)));
  if (!same) throw new AppError("UNAUTHORIZED", "Send the token of the data folder: Authorization: Bearer <token>.");
}
