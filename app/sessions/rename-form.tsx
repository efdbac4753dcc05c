import { LIMITS } from "@redline/core/limits";
import type { Session } from "@redline/core/sessions/schema";
import { Form, useNavigate, useSearchParams } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { Button, ButtonLink } from "../ui/button";
import { Field, Input } from "../ui/field";

/** Renames a session in its row; *Cancel* and Escape keep the name. */
export function RenameForm({ session, error }: { session: Session; error?: string }) {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const without = new URLSearchParams(query);
  without.delete("rename");
  const back = without.size > 0 ? `/sessions?${without}` : "/sessions";
  return (
    <Form
      method="post"
      className="flex flex-wrap items-start gap-2"
      preventScrollReset
      replace
      onKeyDown={(event) => event.key === "Escape" && navigate(back, { preventScrollReset: true, replace: true })}
    >
      <input type="hidden" name="id" value={session.id} />
      <input type="hidden" name="returnTo" value={back} />
      <Field label="Name" isLabelHidden error={error} className="min-w-32 flex-1">
        {(control) => (
          <Input
            {...control}
            ref={input}
            name="name"
            defaultValue={session.name}
            required
            maxLength={LIMITS.session.maxNameChars}
          />
        )}
      </Field>
      <Button type="submit" name="intent" value="rename">
        Rename
      </Button>
      <ButtonLink variant="quiet" to={back} preventScrollReset replace>
        Cancel
      </ButtonLink>
    </Form>
  );
}
