/** A user's sign-ins, for the domain of accounts. */
import Bowser from "bowser";
import { deleteSignIn, querySignIns } from "./store";

export { signInId } from "./sign-in";

type SignedInBrowser = { id: string; name: string; signedInAt: string; usedAt: string };

/** Returns the browsers that are signed in to an account since its `epoch` began. */
export async function listSignIns(userId: string, epoch: number): Promise<SignedInBrowser[]> {
  const signIns = await querySignIns(userId);
  return signIns
    .filter((each) => each.epoch === epoch)
    .map(({ tokenHash: id, agent, signedInAt, usedAt = signedInAt }) => ({
      id,
      name: nameOf(agent),
      signedInAt,
      usedAt,
    }));
}

export const deleteSignInById = (userId: string, id: string): Promise<void> => deleteSignIn({ userId, tokenHash: id });

function nameOf(agent: string | undefined): string {
  if (!agent) return "Unknown browser";
  const { browser, os } = Bowser.parse(agent);
  return [browser.name ?? "Unknown browser", os.name && `on ${os.name}`].filter(Boolean).join(" ");
}
