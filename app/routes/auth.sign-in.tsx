import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useSearchParams } from "@remix-run/react";
import { getActionError, retryAfterOf } from "../http/action-error";
import { withActionErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { signIn } from "../http/sign-in.server";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Page, PageHeader } from "../ui/page";
import { useCountdown } from "../ui/use-countdown";

/** Signs in with the operator secret and redirects to the requested page. */
export const action = withActionErrors(async ({ request, context }) => {
  const { to, headers } = await signIn(request, context.address);
  return redirectWithin(request, to, { headers });
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Sign in · Redline" }];

const waitSentence = (seconds: number) =>
  `Too many failed attempts. Try again in ${seconds} s. Browsers that have signed in before aren’t affected by others’ attempts.`;

export default function SignIn() {
  const [query] = useSearchParams();
  const error = getActionError(useActionData<typeof action>());
  const seconds = retryAfterOf(error);
  const left = useCountdown(seconds, error);
  return (
    <Page>
      <PageHeader title="Sign in" about="Sign in with this deployment’s operator secret." />
      <Form method="post" className="flex max-w-96 flex-col items-start gap-3">
        <input type="hidden" name="to" value={query.get("to") ?? "/"} />
        {/* For password managers: the secret has one owner. */}
        <input type="text" name="username" value="operator" autoComplete="username" readOnly hidden />
        <Field
          label="Operator secret"
          hint="OperatorSecret of this stage; on a laptop, REDLINE_OPERATOR_SECRET."
          error={seconds > 0 ? (left > 0 ? waitSentence(left) : undefined) : error?.message}
          className="w-full"
        >
          {(control) => <Input {...control} type="password" name="secret" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" variant="primary" disabled={left > 0}>
          Sign in
        </Button>
      </Form>
    </Page>
  );
}
