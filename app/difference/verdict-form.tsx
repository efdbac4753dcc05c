import { newVerdictId, VERDICTS, type Verdict, type VerdictKind } from "@redline/core/differences/schema";
import { LIMITS } from "@redline/core/limits";
import { Form, Link } from "@remix-run/react";
import { type FormEvent, useState } from "react";
import type { ReviewActionInput } from "../review/actions";
import { Badge } from "../ui/badge";
import { SubmitButton } from "../ui/button";
import { Menu } from "../ui/menu";
import { useHydrated } from "../ui/use-hydrated";
import type { PageDifference } from "./page";

const NAMES: Record<VerdictKind, { name: string; said: string; tone: "added" | "removed" | "plain" }> = {
  approve: { name: "Approve", said: "approved", tone: "added" },
  "request-changes": { name: "Request changes", said: "changes requested", tone: "removed" },
  comment: { name: "Comment", said: "commented", tone: "plain" },
};

type VerdictFormProps = {
  difference: PageDifference;
  /** The version that is read. */
  version: number;
  isBusy: boolean;
  onAction: (input: ReviewActionInput) => void;
};

/** Gives a verdict on the version that is shown, with a summary. */
export function VerdictForm({ difference, version, isBusy, onAction }: VerdictFormProps) {
  const [kind, setKind] = useState<VerdictKind>("comment");
  // Without JavaScript the server says it: there the choice can't change what is required.
  const isHydrated = useHydrated();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const summary = String(new FormData(event.currentTarget).get("summary") ?? "");
    onAction({ intent: "verdict", id: newVerdictId(), kind, version, summary });
    event.currentTarget.reset();
    event.currentTarget.closest("details")?.removeAttribute("open");
  };
  return (
    <Menu label="Give a verdict" trigger="Finish review" triggerClassName="verdict-trigger" className="verdict-panel">
      <Form method="post" preventScrollReset onSubmit={onSubmit} className="verdict-form">
        <input type="hidden" name="intent" value="verdict" />
        <input type="hidden" name="id" value={difference.verdictId} />
        <input type="hidden" name="version" value={version} />
        <fieldset>
          <legend className="font-semibold">Verdict on v{version}</legend>
          {VERDICTS.map((each) => (
            <label key={each} className="verdict-choice">
              <input type="radio" name="kind" value={each} checked={kind === each} onChange={() => setKind(each)} />
              {NAMES[each].name}
            </label>
          ))}
        </fieldset>
        <label>
          <span>Summary{kind === "approve" ? " (optional)" : ""}</span>
          <textarea
            name="summary"
            rows={4}
            maxLength={LIMITS.verdict.maxChars}
            required={isHydrated && kind !== "approve"}
          />
        </label>
        <SubmitButton size="small" variant="primary" isBusy={isBusy} busyText="Storing…">
          Submit verdict
        </SubmitButton>
      </Form>
    </Menu>
  );
}

/** The newest verdict; one on an earlier version says so. */
export function VerdictBadge({ verdicts, version, sessionId }: VerdictBadgeProps) {
  const [verdict] = verdicts;
  if (!verdict) return null;
  const { said, tone } = NAMES[verdict.kind];
  if (verdict.version === version) return <Badge tone={tone}>{said}</Badge>;
  return (
    <span className="on-wide">
      <Badge>
        {said} at v{verdict.version}
      </Badge>{" "}
      <Link to={`/sessions/${sessionId}/compare?since=${verdict.version}`} className="link text-12">
        Changes since
      </Link>
    </span>
  );
}

type VerdictBadgeProps = { verdicts: readonly Verdict[]; version: number; sessionId: string };

/** All verdicts, newest first, for the history. */
export function VerdictList({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <ol aria-label="Verdicts, newest first" className="mb-6 border-t border-rule">
      {verdicts.map(({ id, kind, version, summary, authorName }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b border-rule py-2 text-13">
          <Badge tone={NAMES[kind].tone}>{NAMES[kind].said}</Badge>
          <span className="text-quiet">
            v{version} · {authorName}
          </span>
          {summary && <p className="w-full whitespace-pre-wrap break-words">{summary}</p>}
        </li>
      ))}
    </ol>
  );
}
