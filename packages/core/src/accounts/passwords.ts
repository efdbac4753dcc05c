import { randomBytes } from "node:crypto";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { inPasswordThread } from "./password-threads";

const { memoryKib, passes } = LIMITS.password;
/** Of zxcvbn's five classes: 10^8 guesses or more. */
const LEAST_STRENGTH = 2;

/** What an unknown account's password is compared with, so that it takes as long: the hash of nothing that is known. */
const NOBODYS = `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$cmVkbGluZSBub2JvZHlzIQ$7VUZjS5e4mRkRMgSF0EVGKJTAzfYQHJPyDrJpYp6mZU`;

export const hashPassword = (password: string): Promise<string> =>
  inPasswordThread({
    task: "hash",
    input: { password, salt: randomBytes(16), iterations: passes, memorySize: memoryKib },
  });

/** Returns whether it is the hashed password; without a hash false, as late. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const isRight = await inPasswordThread<boolean>({
    task: "verify",
    input: { password: password || " ", hash: hash ?? NOBODYS },
  });
  return hash !== undefined && password !== "" && isRight;
}

/**
 * Throws WEAK_PASSWORD for a common password, or one that is guessed easily by who knows its owner.
 * @param known names and addresses of the owner
 */
export async function requireStrong(password: string, known: string[]): Promise<void> {
  const strength = await inPasswordThread<number>({
    task: "strength",
    input: { password: password.slice(0, 100), known },
  });
  if (strength >= LEAST_STRENGTH) return;
  throw new AppError(
    "WEAK_PASSWORD",
    "This password is common or easily guessed. Nothing was saved. Add words that don't belong together.",
    { field: "password" },
  );
}
