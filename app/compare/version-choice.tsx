import type { Version } from "@redline/core/codebases/schema";
import { Form } from "@remix-run/react";
import { VersionKindBadge } from "../sessions/version-kind";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { RelativeTime } from "../ui/relative-time";
import type { CompareView } from "./rows";

/** Selects two versions by number, through the URL. */
export function VersionChoice({ head, from, to, view }: { head: number; from: number; to: number; view: CompareView }) {
  return (
    <Form method="get" className="flex items-end gap-2" key={`${from}-${to}`}>
      <input type="hidden" name="view" value={view} />
      <Field label="From version">
        {(control) => (
          <Input
            {...control}
            className="w-24!"
            type="number"
            name="from"
            min={1}
            max={head}
            defaultValue={from}
            required
          />
        )}
      </Field>
      <Field label="To version">
        {(control) => (
          <Input {...control} className="w-24!" type="number" name="to" min={1} max={head} defaultValue={to} required />
        )}
      </Field>
      <Button type="submit">Compare</Button>
    </Form>
  );
}

/** Shows the author, time and message of both versions. */
export function VersionFacts({ from, to }: { from: Version; to: Version }) {
  return (
    <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-13">
      <dt className="text-quiet">From</dt>
      <Fact version={from} />
      <dt className="text-quiet">To</dt>
      <Fact version={to} />
    </dl>
  );
}

function Fact({ version: { number, kind, message, authorName, createdAt } }: { version: Version }) {
  return (
    <dd className="flex min-w-0 flex-wrap items-center gap-x-2">
      <span className="font-medium tabular-nums">v{number}</span>
      <span className="min-w-0 break-words">{message}</span>
      <VersionKindBadge kind={kind} />
      <span className="text-quiet">
        {authorName} · <RelativeTime at={createdAt} />
      </span>
    </dd>
  );
}
