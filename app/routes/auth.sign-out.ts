import { withResponseErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { endSignIn } from "../http/sign-in.server";

/** `POST /auth/sign-out`: the sign-in ends at once, wherever it was copied to. */
export const action = withResponseErrors(async ({ request }) =>
  redirectWithin(request, "/auth/sign-in", { headers: { "set-cookie": await endSignIn(request) } }),
);
