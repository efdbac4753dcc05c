import type { MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { loadSignIn } from "../auth/sign-in.server";
import { AccountForm, OperatorForm } from "../auth/sign-in-forms";
import { getActionError } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { signIn } from "../http/sign-in.server";

export const loader = withLoaderErrors(loadSignIn);

/** Signs in with an account or the operator secret, and redirects to the requested page. */
export const action = withActionErrors(async ({ request, context }) => {
  const { to, headers } = await signIn(request, context.address);
  return redirectWithin(request, to, { headers });
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Sign in · Redline" }];

export default function SignIn() {
  const { withAccounts, canClaim } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const to = query.get("to") ?? "/";
  const error = getActionError(useActionData<typeof action>());
  const withTo = (path: string) => `${path}${path.includes("?") ? "&" : "?"}to=${encodeURIComponent(to)}`;
  if (!withAccounts || query.get("as") === "operator") {
    return (
      <AuthPage title="Sign in" about="Sign in with this deployment's operator secret.">
        <OperatorForm to={to} error={error} />
        {canClaim && (
          <p className="text-13 text-quiet">
            There is no account yet.{" "}
            <Link to="/auth/sign-up" className="link">
              Create the first one
            </Link>
          </p>
        )}
        {withAccounts && (
          <Link to={withTo("/auth/sign-in")} className="link text-13">
            Sign in with an account
          </Link>
        )}
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Sign in">
      <AccountForm to={to} error={error} />
      <p className="text-13 text-quiet">
        <Link to="/auth/sign-up" className="link">
          Create an account
        </Link>
        {" · "}
        <Link to={withTo("/auth/sign-in?as=operator")} className="link">
          Use the operator secret
        </Link>
      </p>
    </AuthPage>
  );
}
