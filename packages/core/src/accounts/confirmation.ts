import { LIMITS } from "../limits";
import { days } from "../platform/clock";
import { sendMail } from "../platform/mail";
import { issueToken, linkExpired, requireToken } from "../platform/one-time-tokens";
import { consumeRateLimit } from "../platform/rate-limit";
import { confirmEmail, readUser, type User } from "./store";

/** Mails the link that confirms an account's address. Throws RATE_LIMIT_EXCEEDED and NETWORK_ERROR. */
export async function sendConfirmation({ id, name, email }: User, origin: string): Promise<void> {
  const { perMinute, burst } = LIMITS.mail;
  await consumeRateLimit(`mail#${id}`, { perMinute, burst });
  const { confirmationDays } = LIMITS.signUp;
  const token = await issueToken("confirm", { userId: id, email }, days(confirmationDays));
  await sendMail({
    to: email,
    subject: "Confirm your e-mail address for Redline",
    text: `Hello ${name},\n\nconfirm that this address is yours:\n${origin}/once/${token}\n\nThe link is good for ${confirmationDays * 24} hours. If you did not sign up, ignore this mail.\n`,
  });
}

/** Confirms the address that a mailed token was sent to. Idempotent. Throws TOKEN_EXPIRED. */
export async function confirmAddress(token: string): Promise<User> {
  const { userId = "", email = "" } = await requireToken("confirm", token);
  if (!(await confirmEmail(userId, email))) throw linkExpired();
  const user = await readUser(userId);
  if (!user) throw linkExpired();
  return user;
}
