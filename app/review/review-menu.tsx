import { Link } from "@remix-run/react";
import {
  Download,
  Ellipsis,
  FileSearch,
  GitCompare,
  History,
  Pencil,
  RotateCw,
  Trash2,
  Undo2,
  WrapText,
} from "lucide-react";
import { DifferenceExportItems } from "../difference/export-items";
import { classNames } from "../ui/class-names";
import { Menu, menuItemClass } from "../ui/menu";
import { ActionForm } from "./action-form";
import type { ReviewActionInput } from "./actions";
import { LanguageSelect } from "./language-select";
import { isUndoable, type ReviewPage } from "./page";
import type { PendingActions } from "./pending-actions";
import { reviewLinks } from "./review-links";

type ReviewMenuProps = {
  page: ReviewPage;
  onAction: (input: ReviewActionInput) => void;
  onWrap: () => void;
  /** Actions in progress. */
  pending: PendingActions;
};

/** The session's menu: exports and deletion, and on a phone what has no room in the header. */
export function ReviewMenu({ page, onAction, onWrap, pending }: ReviewMenuProps) {
  const { head, changeId, renamedInZip } = page;
  const links = reviewLinks(page);
  return (
    <Menu label="More" trigger={<Ellipsis size={16} aria-hidden="true" />} triggerClassName="review-menu-trigger">
      <div className="on-phone mb-1 border-b border-rule pb-1">
        {isUndoable(page) && (
          <ActionForm
            onAction={onAction}
            input={{ intent: "undo", version: head.number, changeId }}
            isBusy={pending.has("undo")}
          >
            <button type="submit" className={menuItemClass} data-menu-item>
              <Undo2 size={16} aria-hidden="true" /> Undo v{head.number}
            </button>
          </ActionForm>
        )}
        <ActionForm onAction={onAction} input={{ intent: "review" }} isBusy={pending.has("review")}>
          <button type="submit" className={menuItemClass} data-menu-item>
            <RotateCw size={16} aria-hidden="true" /> Review
          </button>
        </ActionForm>
        <Link className={menuItemClass} to={links.modelReview} data-menu-item data-changes>
          <FileSearch size={16} aria-hidden="true" /> Review with model…
        </Link>
        <Link className={menuItemClass} to={links.history} data-menu-item>
          <History size={16} aria-hidden="true" /> History
        </Link>
        {links.compare && (
          <Link className={menuItemClass} to={links.compare} data-menu-item>
            <GitCompare size={16} aria-hidden="true" /> Compare
          </Link>
        )}
        {page.file && <LanguageSelect file={page.file} onAction={onAction} />}
      </div>
      {page.difference && <DifferenceExportItems sessionId={page.session.id} />}
      <a className={menuItemClass} href={links.exportJson} data-menu-item>
        <Download size={16} aria-hidden="true" /> Export with findings (.json)
      </a>
      <a className={menuItemClass} href={links.exportSarif} data-menu-item>
        <Download size={16} aria-hidden="true" /> Export findings as SARIF (.sarif)
      </a>
      <a className={menuItemClass} href={links.exportZip} data-menu-item>
        <Download size={16} aria-hidden="true" /> Download files (.zip
        {renamedInZip > 0 && `, ${renamedInZip} renamed: see RENAMED.txt`})
      </a>
      <button type="button" className={classNames(menuItemClass, "scripted")} data-menu-item onClick={onWrap}>
        <WrapText size={16} aria-hidden="true" /> Toggle line wrap
      </button>
      <Link className={menuItemClass} to="?edit=1" data-menu-item data-changes>
        <Pencil size={16} aria-hidden="true" /> Edit as plain text
      </Link>
      <ActionForm onAction={onAction} input={{ intent: "trash" }}>
        <button type="submit" className={menuItemClass} data-menu-item>
          <Trash2 size={16} aria-hidden="true" /> Delete
        </button>
      </ActionForm>
    </Menu>
  );
}
