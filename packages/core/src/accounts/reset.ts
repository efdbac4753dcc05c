import * as v from "valibot";
import { LIMITS } from "../limits";
import { sendMail } from "../platform/mail";
import { issueToken, linkExpired, requireToken } from "../platform/one-time-tokens";
import { parse } from "../platform/operation";
import { consumeRateLimit } from "../platform/rate-limit";
import { hashPassword, requireStrong } from "./passwords";
import { newPassword } from "./schema";
import { emailKey, ownerOf, readUser, startEpoch, type User } from "./store";

/**
 * Mails a link to set a new password, where the address is an account's; nothing says whether it is one.
 * Throws RATE_LIMIT_EXCEEDED by the source's network.
 */
export async function requestReset(email: string, source: { network: string; origin: string }): Promise<void> {
  const { perMinute } = LIMITS.signUp;
  await consumeRateLimit(`reset#${source.network}`, { perMinute, burst: perMinute });
  const user = await readUser((await ownerOf(emailKey(email.trim().normalize("NFC")))) ?? "usr_nobody");
  if (!user) return;
  // Not awaited: a mail takes longer than none, which would tell.
  void mailLink(user, source.origin).catch(() => undefined);
}

async function mailLink({ id, name, email, epoch }: User, origin: string): Promise<void> {
  const { perMinute, burst } = LIMITS.mail;
  await consumeRateLimit(`mail#${id}`, { perMinute, burst });
  const { resetHours } = LIMITS.signUp;
  const token = await issueToken("reset", { userId: id, email, epoch: String(epoch) }, resetHours * 60 * 60);
  await sendMail({
    to: email,
    subject: "Set a new password for Redline",
    text: `Hello ${name},\n\nset a new password here:\n${origin}/once/${token}\n\nThe link is good for an hour, and once. If you did not ask for it, ignore this mail: your password stays as it is.\n`,
  });
}

/** Sets a new password by a mailed token, and signs out everywhere. Throws TOKEN_EXPIRED and WEAK_PASSWORD. */
export async function resetPassword(input: { token: string; password: string }): Promise<User> {
  const { password } = await parse(v.object({ password: newPassword }), input);
  const facts = await requireToken("reset", input.token);
  const user = await readUser(facts.userId ?? "");
  if (!user || String(user.epoch) !== facts.epoch || user.email !== facts.email) throw linkExpired();
  await requireStrong(password, [user.name, user.email, user.username]);
  const passwordHash = await hashPassword(password);
  // The link was mailed to the address, so that it is its owner's.
  if (!(await startEpoch(user.id, user.epoch, { passwordHash, isConfirmed: true }))) throw linkExpired();
  return { ...user, passwordHash, isConfirmed: true, epoch: user.epoch + 1 };
}
