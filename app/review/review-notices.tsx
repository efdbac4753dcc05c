import { SubmitButton } from "../ui/button";
import { Notice } from "../ui/notice";
import { ActionForm } from "./action-form";
import type { ReviewActionInput } from "./actions";
import { DraftNotice, PlainDraftNotice } from "./draft-notice";
import { LinkNotices } from "./link-notices";
import type { ReviewPage } from "./page";
import type { OfferedDraft } from "./use-drafts";

type ReviewNoticesProps = {
  page: ReviewPage;
  error?: string;
  offered: OfferedDraft | null;
  isRestoring: boolean;
  onAction: (input: ReviewActionInput) => void;
};

/** Shows what is known before the code is read: errors, a trashed session, drafts, a link's target that is gone. */
export function ReviewNotices({ page, error, offered, isRestoring, onAction }: ReviewNoticesProps) {
  return (
    <div className="review-notices">
      {error && <Notice tone="danger">{error}</Notice>}
      {page.session.isTrashed && (
        <Notice tone="warn">
          <div className="review-restore">
            This session is in the trash and read-only.
            <ActionForm onAction={onAction} input={{ intent: "restore" }} isBusy={isRestoring}>
              <SubmitButton size="small" isBusy={isRestoring} busyText="Restoring…">
                Restore
              </SubmitButton>
            </ActionForm>
          </div>
        </Notice>
      )}
      {offered && !page.session.isTrashed && <DraftNotice offered={offered} />}
      {!page.session.isTrashed && <PlainDraftNotice page={page} />}
      <LinkNotices page={page} />
    </div>
  );
}
