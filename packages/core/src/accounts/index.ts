/** A person's own account: password, sign-ins, devices. */
import * as v from "valibot";
import { authorize } from "../access/index";
import { deleteSignInById, listSignIns, signInId } from "../auth/internal";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { hashPassword, isPassword, requireStrong } from "./passwords";
import { type Account, type Device, givenPassword, newPassword } from "./schema";
import { readUser, startEpoch, type User } from "./store";

async function loadAccount(actor: Actor): Promise<User> {
  authorize(actor, "account.manage", { userId: actor.userId });
  const user = await readUser(actor.userId);
  if (!user) throw new AppError("NOT_FOUND", "The operator has no account. Sign up to have one.");
  return user;
}

export const getAccount = operation("accounts.get", "account.manage", v.object({}), async (actor): Promise<Account> => {
  const { id, name, email, username, isConfirmed } = await loadAccount(actor);
  return { id, name, email, username, isConfirmed };
});

/** Sets another password and signs out everywhere. Returns the account, to sign in this browser anew. */
export const changePassword = operation(
  "accounts.changePassword",
  "account.manage",
  v.object({ current: givenPassword, password: newPassword }),
  async (actor, { current, password }) => {
    const user = await loadAccount(actor);
    if (!(await isPassword(current, user.passwordHash))) {
      throw new AppError("INVALID_CREDENTIALS", "Incorrect password. Nothing was changed.", { field: "current" });
    }
    await requireStrong(password, [user.name, user.email, user.username]);
    return begin(user, { passwordHash: await hashPassword(password) });
  },
);

/** Signs out everywhere, this browser included. */
export const signOutEverywhere = operation(
  "accounts.signOutEverywhere",
  "account.manage",
  v.object({}),
  async (actor) => {
    await begin(await loadAccount(actor), {});
  },
);

async function begin({ id, epoch }: User, more: { passwordHash?: string }): Promise<{ id: string; epoch: number }> {
  if (await startEpoch(id, epoch, more)) return { id, epoch: epoch + 1 };
  throw new AppError(
    "VERSION_CONFLICT",
    "Your account was changed elsewhere meanwhile. Nothing was changed. Try again.",
  );
}

/** Returns the browsers that are signed in, the last used first. `signIn` is the cookie of the one that asks. */
export const listDevices = operation(
  "accounts.devices",
  "account.manage",
  v.object({ signIn: v.optional(v.string()) }),
  async (actor, { signIn }): Promise<Device[]> => {
    const { id, epoch } = await loadAccount(actor);
    const own = signInId(signIn ?? "");
    const devices = await listSignIns(id, epoch);
    return devices
      .map((each) => ({ ...each, isThisOne: each.id === own }))
      .toSorted((a, b) => b.usedAt.localeCompare(a.usedAt));
  },
);

/** Signs out one browser. */
export const revokeDevice = operation(
  "accounts.revokeDevice",
  "account.manage",
  v.object({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "That is not a device's id.")) }),
  async (actor, { id }) => {
    const user = await loadAccount(actor);
    await deleteSignInById(user.id, id);
  },
);
