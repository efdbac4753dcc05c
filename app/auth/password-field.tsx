import { PASSWORD_RULE } from "@redline/core/accounts/schema";
import { Field, Input } from "../ui/field";

/** The field for a new password, with its rule. */
export function NewPasswordField({ label = "Password", error }: { label?: string; error?: string }) {
  return (
    <Field label={label} hint={PASSWORD_RULE} error={error} className="w-full">
      {(control) => <Input {...control} type="password" name="password" autoComplete="new-password" required />}
    </Field>
  );
}
