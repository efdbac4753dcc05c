import { LIMITS } from "@redline/core/limits";
import { Form } from "@remix-run/react";
import { CheckCheck, GitCompare, History, Undo2 } from "lucide-react";
import { useState } from "react";
import { VerdictBadge, VerdictForm } from "../difference/verdict-form";
import { Button, ButtonLink, IconLink, SubmitButton } from "../ui/button";
import { toPlainText } from "../ui/plain-text";
import { ActionForm } from "./action-form";
import type { ReviewActionInput, ReviewIntent } from "./actions";
import { LanguageSelect } from "./language-select";
import { isUndoable, type ReviewPage } from "./page";
import type { PendingActions } from "./pending-actions";
import { reviewLinks } from "./review-links";
import { ReviewMenu } from "./review-menu";

type HeaderProps = {
  page: ReviewPage;
  /** Describes the save state. */
  saveState: string;
  onAction: (input: ReviewActionInput) => void;
  onSave?: () => void;
  onWrap: () => void;
  /** Actions in progress. */
  pending: PendingActions;
};

/** The session's name, version and actions: in one row; on a phone, most of the actions are in the menu. */
export function ReviewHeader({ page, saveState, onAction, onSave, onWrap, pending }: HeaderProps) {
  const { head, safeFixes, changeId } = page;
  const links = reviewLinks(page);
  const isBusy = (intent: ReviewIntent) => pending.has(intent);
  return (
    <header className="review-header">
      <Rename
        key={page.session.name}
        name={page.session.name}
        isReadOnly={page.session.isTrashed}
        onAction={onAction}
      />
      <span className="review-version" title={toPlainText(head.message)}>
        v{head.number} · <span data-testid="save-state">{saveState}</span>
      </span>
      {page.difference && (
        <VerdictBadge verdicts={page.difference.verdicts} version={head.number} sessionId={page.session.id} />
      )}
      {page.file && (
        <div className="on-wide">
          <LanguageSelect file={page.file} onAction={onAction} />
        </div>
      )}
      <div className="review-actions">
        {onSave && (
          <Button size="small" onClick={onSave} aria-keyshortcuts="s Meta+S Control+S">
            Save
          </Button>
        )}
        {isUndoable(page) && (
          <div className="on-wide">
            <ActionForm
              onAction={onAction}
              input={{ intent: "undo", version: head.number, changeId }}
              isBusy={isBusy("undo")}
            >
              <SubmitButton
                size="small"
                isBusy={isBusy("undo")}
                busyText="Undoing…"
                title={`Undo v${head.number}: ${toPlainText(head.message)}`}
                aria-keyshortcuts="u"
              >
                <Undo2 size={14} aria-hidden="true" /> Undo
              </SubmitButton>
            </ActionForm>
          </div>
        )}
        {safeFixes > 0 && (
          <ActionForm
            onAction={onAction}
            input={{ intent: "apply-safe-fixes", changeId }}
            isBusy={isBusy("apply-safe-fixes")}
          >
            <SubmitButton
              size="small"
              variant="added"
              isBusy={isBusy("apply-safe-fixes")}
              busyText="Applying…"
              aria-keyshortcuts="Shift+A"
            >
              <CheckCheck size={14} aria-hidden="true" />
              <span>
                Apply <span className="words-on-wide">all </span>safe ({safeFixes})
              </span>
            </SubmitButton>
          </ActionForm>
        )}
        {page.difference && (
          <VerdictForm
            {...{ onAction }}
            difference={page.difference}
            version={head.number}
            isBusy={isBusy("verdict")}
          />
        )}
        <div className="on-wide">
          <div className="review-actions">
            <ActionForm onAction={onAction} input={{ intent: "review" }} isBusy={isBusy("review")}>
              <SubmitButton size="small" isBusy={isBusy("review")} busyText="Starting…">
                Review
              </SubmitButton>
            </ActionForm>
            <ButtonLink size="small" to={links.modelReview} data-changes>
              Review with model…
            </ButtonLink>
            <IconLink to={links.history} label="History" size="small" tipAlign="end">
              <History size={16} aria-hidden="true" />
            </IconLink>
            {links.compare && (
              <IconLink to={links.compare} label="Compare" size="small" tipAlign="end">
                <GitCompare size={16} aria-hidden="true" />
              </IconLink>
            )}
          </div>
        </div>
        <ReviewMenu {...{ page, onAction, onWrap, pending }} />
      </div>
    </header>
  );
}

type RenameProps = { name: string; isReadOnly: boolean; onAction: (input: ReviewActionInput) => void };

function Rename({ name, isReadOnly, onAction }: RenameProps) {
  const [value, setValue] = useState(name);
  const commit = () => {
    if (value.trim() === "") setValue(name);
    else if (value.trim() !== name) onAction({ intent: "rename", name: value.trim() });
  };
  return (
    <Form
      method="post"
      className="review-name"
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <input type="hidden" name="intent" value="rename" />
      <h1 className="sr-only">{name}</h1>
      <input
        aria-label="Session name"
        name="name"
        value={value}
        readOnly={isReadOnly}
        size={Math.max(6, value.length)}
        maxLength={LIMITS.session.maxNameChars}
        onChange={(event) => setValue(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setValue(name);
          event.currentTarget.blur();
        }}
      />
    </Form>
  );
}
