import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useSearchParams } from "@remix-run/react";
import { acting } from "../http/errors.server";
import { returnedError } from "../http/returned-error";
import { redirectWithin } from "../http/safe-redirect.server";
import { signIn } from "../http/sign-in.server";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Page, PageHeader } from "../ui/page";

/** Takes the stage's secret; whoever has it goes on to where they wanted to be. */
export const action = acting(async ({ request }) => {
  const { to, cookie } = await signIn(request);
  return redirectWithin(request, to, { headers: { "set-cookie": cookie } });
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Sign in · Redline" }];

export default function SignIn() {
  const [query] = useSearchParams();
  const error = returnedError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader title="Sign in" about="This Redline belongs to whoever deployed it." />
      <Form method="post" className="flex max-w-96 flex-col items-start gap-3">
        <input type="hidden" name="to" value={query.get("to") ?? "/"} />
        {/* For password managers: the secret has one owner. */}
        <input type="text" name="username" value="operator" autoComplete="username" readOnly hidden />
        <Field
          label="Operator's secret"
          hint="The value of OperatorSecret, as it was set for this stage."
          error={error?.message}
          className="w-full"
        >
          {(control) => <Input {...control} type="password" name="secret" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" look="primary">
          Sign in
        </Button>
      </Form>
    </Page>
  );
}
