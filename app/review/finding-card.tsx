import { Form, Link } from "@remix-run/react";
import { type FormEvent, forwardRef } from "react";
import { AskAboutFinding } from "../conversation/ask-about-finding";
import { MessageText } from "../conversation/message-text";
import { SubmitButton } from "../ui/button";
import { CodeText } from "../ui/code-text";
import { toPlainText } from "../ui/plain-text";
import { SeverityMark, severityName } from "../ui/severity";
import type { ReviewActionInput, ReviewIntent } from "./actions";
import type { PageFinding } from "./page";
import { DecideHint } from "./review-hints";

const CONFIDENCE_LABELS: Record<PageFinding["confidence"], string> = {
  high: "High confidence",
  medium: "Medium confidence",
  low: "Low confidence",
};

type FindingCardProps = {
  finding: PageFinding;
  isSelected: boolean;
  /** The action in progress on it. */
  pending?: ReviewIntent;
  hunks: number;
  href: string;
  spaceAbove?: number;
  onSelect: () => void;
  onAction: (input: ReviewActionInput) => void;
  /** Requests an explanation, or opens a composer about the finding. */
  onAsk: (finding: PageFinding, about: "ask" | "explain") => void;
};

/** A finding in the margin: one line when collapsed, its explanation and actions when open. */
export const FindingCard = forwardRef<HTMLElement, FindingCardProps>(function FindingCard(props, ref) {
  const { finding, isSelected, pending, href, spaceAbove, onSelect } = props;
  const select = (event: React.MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onSelect();
  };
  return (
    <article
      ref={ref}
      className="finding"
      data-selected={isSelected || undefined}
      data-pending={pending}
      data-finding={finding.identity}
      style={spaceAbove === undefined ? undefined : { marginTop: spaceAbove }}
    >
      <h3 className="finding-title">
        <Link
          to={href}
          replace
          preventScrollReset
          title={isSelected ? undefined : toPlainText(finding.title)}
          onClick={select}
          aria-expanded={isSelected}
        >
          <SeverityMark level={finding.severity} />
          <span>
            <CodeText text={finding.title} />
          </span>
          {finding.source === "model" && <span className="finding-by">model</span>}
          <span className="finding-line">
            <span className="sr-only">line </span>
            {finding.startLine}
          </span>
        </Link>
      </h3>
      {isSelected && <FindingBody {...props} />}
    </article>
  );
});

function FindingBody({ finding, pending, hunks, onAction, onAsk }: FindingCardProps) {
  const { identity, fix, decision } = finding;
  const act = (intent: ReviewIntent, busyText: string) => ({
    ...{ name: "intent", value: intent, size: "small" as const, isBusy: pending !== undefined },
    ...(pending === intent && { busyText }),
  });
  return (
    <div className="finding-body">
      {finding.source === "model" ? (
        <MessageText text={finding.explanation} />
      ) : (
        <p>
          <CodeText text={finding.explanation} />
        </p>
      )}
      <p className="finding-about">
        {severityName(finding.severity)} · {CONFIDENCE_LABELS[finding.confidence]} ·{" "}
        {finding.source === "model" ? (
          <>
            {finding.rule.replace(/^model\//, "")} · reported by {finding.model ?? "a model"}
          </>
        ) : (
          <Link className="link" to={`/rules?q=${encodeURIComponent(finding.rule)}`}>
            {finding.rule}
          </Link>
        )}
        {finding.alsoSeenBy && ` · also found by ${finding.alsoSeenBy}`}
        {finding.anchorState === "moved" && " · moved since it was reviewed"}
      </p>
      {fix && !decision && (
        <p className="finding-fix">
          <span className={fix.safety === "safe" ? "finding-safe" : "finding-look"}>
            {fix.safety === "safe" ? "Safe" : "Review first"}
          </span>{" "}
          <CodeText text={fix.summary} />
          {hunks > 1 && ` (${hunks} places)`}
        </p>
      )}
      {fix?.problems && !decision && (
        <ul className="finding-about" aria-label="Concerns about this fix">
          {fix.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <ActionButtons
        identity={identity}
        change={decision ? undefined : fix?.changeId}
        onAction={onAction}
        isBusy={!!pending}
      >
        {fix && !decision && (
          <>
            <SubmitButton {...act("accept", "Accepting…")} variant="added" aria-keyshortcuts="a">
              Accept
            </SubmitButton>
            <SubmitButton {...act("reject", "Rejecting…")} variant="removed" aria-keyshortcuts="r">
              Reject
            </SubmitButton>
          </>
        )}
        {decision ? (
          <SubmitButton {...act("reopen", "Reopening…")}>Reopen</SubmitButton>
        ) : (
          <SubmitButton {...act("dismiss", "Dismissing…")} variant="quiet" aria-keyshortcuts="d">
            Dismiss
          </SubmitButton>
        )}
      </ActionButtons>
      {!decision && <DecideHint hasFix={fix !== undefined} />}
      <AskAboutFinding finding={finding} onAsk={(about) => onAsk(finding, about)} />
    </div>
  );
}

type ActionButtonsProps = {
  identity: string;
  change?: string;
  isBusy: boolean;
  onAction: (input: ReviewActionInput) => void;
  children: React.ReactNode;
};

function ActionButtons({ identity, change, isBusy, onAction, children }: ActionButtonsProps) {
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const action = parseActionForm(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    if (action) onAction(action);
  };
  return (
    <Form method="post" preventScrollReset className="finding-acts" onSubmit={onSubmit} aria-busy={isBusy}>
      <input type="hidden" name="identity" value={identity} />
      {change && <input type="hidden" name="change" value={change} />}
      {children}
    </Form>
  );
}

/** Parses a finding's or redline's form by its pressed button; null for an unknown one. */
export function parseActionForm(form: HTMLFormElement, submitter: HTMLElement | null): ReviewActionInput | null {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? "");
  const [identity, change, hunk] = [text("identity"), text("change"), text("hunk")];
  const ofFinding = identity !== "" && { identity };
  switch (submitter?.getAttribute("value")) {
    case "accept":
      return { intent: "accept", change, ...ofFinding, ...(hunk !== "" && { hunk }) };
    case "reject":
      return { intent: "reject", change, ...ofFinding, ...(hunk !== "" && { hunk }) };
    case "dismiss":
      return { intent: "dismiss", identity };
    case "reopen":
      return { intent: "reopen", identity };
    default:
      return null;
  }
}
