import { Form, useSubmit } from "@remix-run/react";
import { Button } from "../ui/button";
import { Field, Input, Select } from "../ui/field";
import type { RequestPage } from "./load.server";

const SCOPES = [
  ["file", "Whole file"],
  ["selection", "Selected lines"],
  ["session", "All files"],
  ["difference", "Changes since a version"],
] as const;

/** Selects the review scope; each change updates the estimate (with a button without JavaScript). */
export function ScopeForm({ page }: { page: RequestPage }) {
  const { paths, choice, head } = page;
  const submit = useSubmit();
  return (
    <Form method="get" preventScrollReset replace onChange={(event) => submit(event.currentTarget, { replace: true })}>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-13 font-medium">Scope</legend>
        {SCOPES.filter(([scope]) => scope !== "difference" || head > 1).map(([scope, label]) => (
          <label key={scope} className="flex items-center gap-2 text-13">
            <input type="radio" name="scope" value={scope} defaultChecked={choice.scope === scope} /> {label}
          </label>
        ))}
      </fieldset>
      <div className="mt-3 flex flex-wrap items-end gap-3">
        {choice.scope === "file" || choice.scope === "selection" ? (
          <Field label="File" className="w-72">
            {(control) => (
              <Select {...control} name="file" defaultValue={choice.file}>
                {paths.map((path) => (
                  <option key={path}>{path}</option>
                ))}
              </Select>
            )}
          </Field>
        ) : (
          <input type="hidden" name="file" value={choice.file} />
        )}
        {choice.scope === "selection" &&
          (["from", "to"] as const).map((name) => (
            <Field key={name} label={name === "from" ? "From line" : "To line"} className="w-24">
              {(control) => <Input {...control} name={name} inputMode="numeric" defaultValue={choice[name] || "1"} />}
            </Field>
          ))}
        {choice.scope === "difference" && (
          <Field label="Since version" className="w-32">
            {(control) => (
              <Select {...control} name="since" defaultValue={choice.since || String(head - 1)}>
                {Array.from({ length: head - 1 }, (_, at) => head - 1 - at).map((number) => (
                  <option key={number} value={number}>
                    v{number}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <noscript>
          <Button type="submit">Show estimate</Button>
        </noscript>
      </div>
    </Form>
  );
}
