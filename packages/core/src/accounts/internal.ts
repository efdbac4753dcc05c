/** What sign-in, teams and the pages of who isn't signed in need of accounts: it takes no actor. */
import { AppError } from "../errors";
import { emailKey, ownerOf, readUser, type User, usernameKey } from "./store";

export { confirmAddress, sendConfirmation } from "./confirmation";
export { isPassword } from "./passwords";
export { requestReset, resetPassword } from "./reset";
export { hasAccounts, isFirstAccountTaken, type SignUpMode, signUp, signUpMode } from "./sign-up";
export { membershipWrite, readUser, type User } from "./store";

/** Returns the account of a username or an e-mail address, by as many reads as there would be without one. */
export async function findUserByLogin(login: string): Promise<User | undefined> {
  const name = login.trim().normalize("NFC");
  const id = await ownerOf(name.includes("@") ? emailKey(name) : usernameKey(name));
  const user = await readUser(id ?? "usr_nobody");
  return id === undefined ? undefined : user;
}

/** Returns a user whose address is theirs. Throws FORBIDDEN, or NOT_FOUND where there is no such account. */
export async function requireConfirmedUser(id: string): Promise<User> {
  const user = await readUser(id);
  if (!user) throw new AppError("NOT_FOUND", "That account was not found.");
  if (!user.isConfirmed) throw new AppError("FORBIDDEN", "Confirm your e-mail address first. Nothing was changed.");
  return user;
}
