import type { Version } from "@redline/core/codebases/schema";
import { Form, Link } from "@remix-run/react";
import { useState } from "react";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { CodeText } from "../ui/code-text";
import { RelativeTime } from "../ui/relative-time";
import { VersionKindBadge } from "./version-kind";

type Row = Version & { undoId: string; restoreId: string };

type VersionListProps = { versions: Row[]; head: number; isReadOnly: boolean };

/** Lists versions, newest first. Two can be selected for the form with the id `compare`. */
export function VersionList({ versions, head, isReadOnly }: VersionListProps) {
  const newest = versions[0]?.number ?? head;
  const [from, setFrom] = useState(Math.max(newest - 1, 1));
  const [to, setTo] = useState(newest);
  return (
    <ol aria-label="Versions, newest first" className="border-t border-rule">
      {versions.map((version) => {
        const { number, kind, message, authorName, createdAt } = version;
        return (
          <li key={number} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-2">
            <fieldset className="flex shrink-0 gap-3">
              <legend className="sr-only">Compare version {number}</legend>
              <Choice name="from" number={number} isChosen={from === number} onChoose={setFrom} />
              <Choice name="to" number={number} isChosen={to === number} onChoose={setTo} />
            </fieldset>
            <div className="min-w-0 flex-1 basis-52">
              <p className="flex flex-wrap items-center gap-x-2">
                <span className="font-medium tabular-nums">v{number}</span>
                <span className="min-w-0 break-words">
                  <CodeText text={message} />
                </span>
                {number === head && <Badge>current</Badge>}
              </p>
              <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-12 text-quiet">
                <VersionKindBadge kind={kind} /> {authorName} · <RelativeTime at={createdAt} />
              </p>
            </div>
            <div className="flex flex-wrap items-center gap-2">
              {number > 1 && (
                <Link to={`../compare?from=${number - 1}&to=${number}`} relative="path" className="link text-13">
                  Changes<span className="sr-only"> in version {number}</span>
                </Link>
              )}
              {number > 1 && !isReadOnly && kind !== "base" && kind !== "head" && (
                <VersionActionForm intent="undo" label="Undo" number={number} changeId={version.undoId} />
              )}
              {number !== head && !isReadOnly && (
                <VersionActionForm intent="restore" label="Restore" number={number} changeId={version.restoreId} />
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

type ChoiceProps = { name: "from" | "to"; number: number; isChosen: boolean; onChoose: (number: number) => void };

function Choice({ name, number, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="flex items-center gap-1 text-12 text-quiet">
      <input
        type="radio"
        form="compare"
        name={name}
        value={number}
        checked={isChosen}
        onChange={() => onChoose(number)}
      />
      {name}
    </label>
  );
}

type VersionActionProps = { intent: "undo" | "restore"; label: string; number: number; changeId: string };

function VersionActionForm({ intent, label, number, changeId }: VersionActionProps) {
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="version" value={number} />
      <input type="hidden" name="changeId" value={changeId} />
      <Button type="submit" name="intent" value={intent} size="small" aria-label={`${label} version ${number}`}>
        {label}
      </Button>
    </Form>
  );
}
