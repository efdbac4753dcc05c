import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { readSentMail } from "@redline/core/platform/mail";

/** Loads the mail that a laptop has sent, for its operator alone: it has links that sign others in. */
export async function loadSentMail({ isOperator }: Actor) {
  if (!isOperator) throw new AppError("NOT_FOUND", "This page doesn't exist.");
  return { mails: await readSentMail() };
}
