import type { ErrorShape } from "@redline/core/errors";
import { Form, Link } from "@remix-run/react";
import { retryAfterOf } from "../http/action-error";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { useCountdown } from "../ui/use-countdown";

type FormProps = { to: string; error?: ErrorShape["error"] };

const waitSentence = (seconds: number) =>
  `Too many failed attempts. Try again in ${seconds} s. Browsers that have signed in before aren't affected by others' attempts.`;

/** Returns what to say of an error, and whether there is still time to wait. */
function useRefusal(error: FormProps["error"]): { message?: string; isWaiting: boolean } {
  const seconds = retryAfterOf(error);
  const left = useCountdown(seconds, error);
  if (seconds === 0) return { message: error?.message, isWaiting: false };
  return { message: left > 0 ? waitSentence(left) : undefined, isWaiting: left > 0 };
}

/** Signs in with the deployment's secret. */
export function OperatorForm({ to, error }: FormProps) {
  const { message, isWaiting } = useRefusal(error);
  return (
    <Form method="post" className="flex w-full flex-col items-start gap-3">
      <input type="hidden" name="to" value={to} />
      {/* For password managers: the secret has one owner. */}
      <input type="text" name="username" value="operator" autoComplete="username" readOnly hidden />
      <Field
        label="Operator secret"
        hint="OperatorSecret of this stage; on a laptop, REDLINE_OPERATOR_SECRET."
        error={message}
        className="w-full"
      >
        {(control) => <Input {...control} type="password" name="secret" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={isWaiting}>
        Sign in
      </Button>
    </Form>
  );
}

/** Signs in with an account. */
export function AccountForm({ to, error, login }: FormProps & { login?: string }) {
  const { message, isWaiting } = useRefusal(error);
  return (
    <Form method="post" className="flex w-full flex-col items-start gap-3">
      <input type="hidden" name="to" value={to} />
      <Field label="Username or e-mail address" className="w-full">
        {(control) => (
          <Input
            {...control}
            name="login"
            defaultValue={login}
            autoComplete="username"
            autoCapitalize="none"
            required
          />
        )}
      </Field>
      <Field label="Password" error={message} className="w-full">
        {(control) => <Input {...control} type="password" name="password" autoComplete="current-password" required />}
      </Field>
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" variant="primary" disabled={isWaiting}>
          Sign in
        </Button>
        <Link to="/auth/forgot" className="link text-13">
          Forgot your password?
        </Link>
      </div>
    </Form>
  );
}
