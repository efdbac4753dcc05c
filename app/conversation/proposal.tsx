import { newChangeId } from "@redline/core/changes/schema";
import { Form, Link } from "@remix-run/react";
import { Check } from "lucide-react";
import type { FormEvent } from "react";
import { parseActionForm } from "../review/finding-card";
import { ButtonLink, SubmitButton } from "../ui/button";
import { CodeText } from "../ui/code-text";
import { CopyButton } from "../ui/copy-button";
import { toPlainText } from "../ui/plain-text";
import { useConversationContext } from "./conversation-context";
import type { PageChange, PageProposal } from "./page";

/** A reply's proposal: a change verified to apply, or text that couldn't be applied. */
export function Proposal({ proposal }: { proposal: PageProposal }) {
  return proposal.kind === "change" ? <ChangeProposal proposal={proposal} /> : <TextProposal proposal={proposal} />;
}

function ChangeProposal({ proposal }: { proposal: PageChange }) {
  const { changeId, summary, evidence, files } = proposal;
  const { onShow, fileHref, path } = useConversationContext();
  const isOpen = files.length > 0;
  return (
    <section
      className="proposal"
      data-proposal={changeId}
      data-status={proposal.status}
      aria-label={toPlainText(summary)}
    >
      <p className="proposal-summary">
        <CodeText text={summary} />
      </p>
      {isOpen && (
        <ul className="proposal-files">
          {files.map((file) => (
            <li key={file.path}>
              {file.isNew ? (
                <details>
                  <summary>{file.path} · new file</summary>
                  <pre className="code">{file.edits.map((edit) => edit.text).join("")}</pre>
                </details>
              ) : (
                <Link
                  className="link"
                  to={fileHref(file.path)}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    onShow(file);
                  }}
                >
                  {file.path === path ? `Line ${file.startLine}` : `${file.path}, line ${file.startLine}`}
                  {file.isDeleted && " · deleted"}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
      {isOpen && evidence && <EvidenceSummary evidence={evidence} />}
      <ProposalOutcome proposal={proposal} />
    </section>
  );
}

/** Summarizes a change's evidence and lists the problems it would add. */
function EvidenceSummary({ evidence }: { evidence: NonNullable<PageChange["evidence"]> }) {
  const { parses, removed = [], parseError, notChecked, repeated = [], lineEnds = [] } = evidence;
  // Each thing once: an error is a finding as well, and what a merge left twice may be an error.
  const asError = ({ title, line }: { title: string; line: number }) =>
    `${title.replace(/^Does not parse: /, "")} (line ${line})`;
  const added = evidence.added.filter((finding) => asError(finding) !== parseError);
  const isSaid = repeated.some((sentence) => sentence.startsWith(`${parseError?.replace(/ \(line \d+\)$/, "")} `));
  const removes = removed.length > 0 && `removes ${removed.length === 1 ? "1 problem" : `${removed.length} problems`}`;
  const words = [
    parses === "unknown" ? `not checked: ${notChecked ?? "unknown language"}` : parses ? "parses" : "does not parse",
    ...(parses === "unknown" || (parses === false && added.length === 0)
      ? []
      : [
          added.length === 0
            ? "adds no problems"
            : `adds ${added.length} ${added.length === 1 ? "problem" : "problems"}`,
        ]),
    ...(removes ? [removes] : []),
  ];
  return (
    <div className="proposal-evidence" data-bad={parses === false || added.length + repeated.length > 0 || undefined}>
      <CodeText text={words.join(" · ")} />
      {parseError && !isSaid && (
        <p>
          <CodeText text={parseError} />
        </p>
      )}
      {[...repeated, ...lineEnds].map((sentence) => (
        <p key={sentence}>
          <CodeText text={sentence} />
        </p>
      ))}
      {added.length > 0 && (
        <ul>
          {added.map(({ rule, title, path, line }) => (
            <li key={`${rule} ${path} ${line}`}>
              <CodeText text={title} /> ({path}:{line})
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ProposalOutcome({ proposal }: { proposal: PageChange }) {
  const { changeId, identity, status, appliedAs, isConflict, files } = proposal;
  const { sessionId, onReviewAction, pendingOn, changeId: nextChangeId } = useConversationContext();
  const pending = pendingOn(identity ?? changeId);
  const versions = appliedAs.map((version) => `v${version}`).join(", ");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const action = parseActionForm(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    if (action && !pending) onReviewAction(action);
  };
  if (isConflict || status === "conflicted") {
    return (
      <div className="proposal-acts">
        <span>These lines have changed since.</span>
        <ButtonLink size="small" to={`/sessions/${sessionId}/merge?change=${changeId}`}>
          Resolve conflict
        </ButtonLink>
      </div>
    );
  }
  if (status === "proposed" && files.length > 0) {
    return (
      <Form method="post" preventScrollReset className="proposal-acts" onSubmit={submit}>
        <input type="hidden" name="change" value={changeId} />
        {identity && <input type="hidden" name="identity" value={identity} />}
        {versions && <span className="proposal-part">Partly applied as {versions}.</span>}
        <SubmitButton
          {...{ size: "small", variant: "added", name: "intent", value: "accept", isBusy: pending !== undefined }}
          busyText={pending === "accept" ? "Accepting…" : undefined}
        >
          {versions ? "Accept remaining" : "Accept"}
        </SubmitButton>
        <SubmitButton
          {...{ size: "small", variant: "removed", name: "intent", value: "reject", isBusy: pending !== undefined }}
          busyText={pending === "reject" ? "Rejecting…" : undefined}
        >
          {versions ? "Reject remaining" : "Reject"}
        </SubmitButton>
      </Form>
    );
  }
  const last = appliedAs.at(-1);
  if (status === "applied" && last !== undefined) {
    const undo = { intent: "undo" as const, version: last, changeId: nextChangeId };
    return (
      <div className="proposal-acts">
        <span>
          <Check size={12} aria-hidden="true" className="inline" /> Applied as {versions}
        </span>
        <Form
          method="post"
          preventScrollReset
          onSubmit={(event) => {
            event.preventDefault();
            onReviewAction({ ...undo, changeId: newChangeId() });
          }}
        >
          {Object.entries(undo).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <SubmitButton size="small" variant="quiet" isBusy={pendingOn("undo") !== undefined} busyText="Undoing…">
            Undo
          </SubmitButton>
        </Form>
      </div>
    );
  }
  const words = {
    rejected: versions
      ? `Partly applied as ${versions}; the remaining changes were rejected.`
      : "Rejected. No changes were made.",
    superseded: versions
      ? `Partly applied as ${versions}; the remaining changes no longer apply.`
      : "Replaced by a newer suggestion.",
    proposed: "The code already contains this change.",
    applied: "Applied.",
  }[status];
  return <p className="proposal-acts">{words}</p>;
}

function TextProposal({ proposal }: { proposal: Extract<PageProposal, { kind: "text" }> }) {
  const { summary, path, code, reason } = proposal;
  return (
    <section className="proposal" data-status="text" aria-label={toPlainText(summary)}>
      <p className="proposal-summary">
        <CodeText text={summary} />
      </p>
      <p className="proposal-refused">
        This suggestion doesn't apply{path && ` to ${path}`}. {reason}
      </p>
      {code && (
        <div className="proposal-code">
          <pre className="code">{code}</pre>
          <CopyButton text={code} label="Copy the suggested code" />
        </div>
      )}
    </section>
  );
}
