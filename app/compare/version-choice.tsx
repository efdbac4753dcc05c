import type { Version } from "@redline/core/codebases/schema";
import { Form } from "@remix-run/react";
import { useContext } from "react";
import { VersionKindBadge } from "../sessions/version-kind";
import { Button } from "../ui/button";
import { CodeText } from "../ui/code-text";
import { Field, Select } from "../ui/field";
import { toPlainText } from "../ui/plain-text";
import { RelativeTime, RenderedAtContext, relativeTime } from "../ui/relative-time";
import type { CompareView } from "./rows";

type VersionChoiceProps = { versions: readonly Version[]; from: number; to: number; view: CompareView };

/** Selects two versions by message and time, through the URL. */
export function VersionChoice({ versions, from, to, view }: VersionChoiceProps) {
  return (
    <Form method="get" className="flex min-w-0 flex-wrap items-end gap-2" key={`${from}-${to}`}>
      <input type="hidden" name="view" value={view} />
      <VersionSelect label="From version" name="from" versions={versions} selected={from} />
      <VersionSelect label="To version" name="to" versions={versions} selected={to} />
      <Button type="submit">Compare</Button>
    </Form>
  );
}

type VersionSelectProps = { label: string; name: string; versions: readonly Version[]; selected: number };

function VersionSelect({ label, name, versions, selected }: VersionSelectProps) {
  const renderedAt = useContext(RenderedAtContext);
  return (
    <Field label={label} className="w-full sm:w-72">
      {(control) => (
        <Select {...control} name={name} defaultValue={selected}>
          {versions.map(({ number, message, createdAt }) => (
            <option key={number} value={number}>
              v{number} · {toPlainText(message)} · {relativeTime(Date.parse(createdAt), renderedAt)}
            </option>
          ))}
        </Select>
      )}
    </Field>
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
      <span className="min-w-0 break-words">
        <CodeText text={message} />
      </span>
      <VersionKindBadge kind={kind} />
      <span className="text-quiet">
        {authorName} · <RelativeTime at={createdAt} />
      </span>
    </dd>
  );
}
