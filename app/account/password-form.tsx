import type { ErrorShape } from "@redline/core/errors";
import { Form } from "@remix-run/react";
import { NewPasswordField } from "../auth/password-field";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";

/** Changes the password by the current one. */
export function PasswordForm({ username, error }: { username: string; error?: ErrorShape["error"] }) {
  const errorAt = (field: string) => (error?.field === field ? error.message : undefined);
  return (
    <section aria-labelledby="password-title" className="border-t border-rule py-6">
      <h2 id="password-title" className="mb-2 text-16 font-semibold">
        Password
      </h2>
      <Form method="post" className="flex max-w-96 flex-col items-start gap-3">
        {/* For password managers. */}
        <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
        <Field label="Current password" error={errorAt("current")} className="w-full">
          {(control) => <Input {...control} type="password" name="current" autoComplete="current-password" required />}
        </Field>
        <NewPasswordField label="New password" error={errorAt("password")} />
        <Button type="submit" name="intent" value="password">
          Change password
        </Button>
      </Form>
    </section>
  );
}
