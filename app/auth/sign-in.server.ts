import { hasAccounts, isFirstAccountTaken } from "@redline/core/accounts/internal";

/** `withAccounts`: there is an account to sign in to. `canClaim`: there could be, and the first is still to be made. */
export async function loadSignIn(): Promise<{ withAccounts: boolean; canClaim: boolean }> {
  const withAccounts = hasAccounts() && (await isFirstAccountTaken());
  return { withAccounts, canClaim: hasAccounts() && !withAccounts };
}
