import { Form, Link } from "@remix-run/react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { exactTime } from "../ui/relative-time";
import type { ReviewPage } from "./page";
import type { OfferedDraft } from "./use-drafts";

/** Offers a draft from an earlier visit or another tab. */
export function DraftNotice({ offered }: { offered: OfferedDraft }) {
  return (
    <Notice tone="warn">
      <span className="draft-notice">
        <span>
          You have unsaved edits from <time title={exactTime(offered.savedAt)}>{clock(offered.savedAt)}</time> in{" "}
          {offered.paths.join(", ")}.
        </span>
        <Button size="small" onClick={() => void offered.take()}>
          Continue
        </Button>
        <Button size="small" variant="quiet" onClick={() => void offered.discard()}>
          Discard
        </Button>
      </span>
    </Notice>
  );
}

/** Offers the server's draft without JavaScript. */
export function PlainDraftNotice({ page }: { page: ReviewPage }) {
  if (!page.draft) return null;
  const { draftId, paths } = page.draft;
  const edit = new URLSearchParams({ file: paths[0] ?? "", edit: "1", draft: draftId });
  return (
    <noscript>
      <Form method="post" className="draft-notice">
        <span>You have unsaved edits in {paths.join(", ")}.</span>
        <input type="hidden" name="draftId" value={draftId} />
        <input type="hidden" name="changeId" value={page.changeId} />
        <Link to={`?${edit}`}>Continue</Link>
        <button type="submit" name="intent" value="save-draft">
          Save version
        </button>
        <button type="submit" name="intent" value="discard-draft">
          Discard
        </button>
      </Form>
    </noscript>
  );
}

const clock = (at: string): string => {
  const when = new Date(at);
  const isToday = when.toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(when);
  return isToday ? time : `${new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }).format(when)}, ${time}`;
};
