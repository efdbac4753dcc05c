import type { HeadSummary } from "@redline/core/differences/schema";
import { Form } from "@remix-run/react";
import { useContext } from "react";
import { Button } from "../ui/button";
import { Field, Select } from "../ui/field";
import { RenderedAtContext, relativeTime } from "../ui/relative-time";
import type { CompareView } from "./rows";

type SinceChoiceProps = { heads: readonly HeadSummary[]; since?: number; view: CompareView };

/** Selects the head of a difference since which changes are shown: what its base changed is left out. */
export function SinceChoice({ heads, since, view }: SinceChoiceProps) {
  const renderedAt = useContext(RenderedAtContext);
  return (
    <Form method="get" className="flex min-w-0 flex-wrap items-end gap-2" key={since}>
      <input type="hidden" name="view" value={view} />
      <Field label="Changes since" className="w-full sm:w-56">
        {(control) => (
          <Select {...control} name="since" defaultValue={since ?? heads[0]?.version}>
            {heads.map(({ version, label, createdAt }) => (
              <option key={version} value={version}>
                {label ? `${label} · ` : ""}v{version} · {relativeTime(Date.parse(createdAt), renderedAt)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit">Show</Button>
    </Form>
  );
}
