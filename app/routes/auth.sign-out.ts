import { withResponseErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { endSignIn } from "../http/sign-in.server";

/** `POST /auth/sign-out`: revokes the sign-in immediately, including copies of its cookie. */
export const action = withResponseErrors(async ({ request }) =>
  redirectWithin(request, "/auth/sign-in", { headers: { "set-cookie": await endSignIn(request) } }),
);
