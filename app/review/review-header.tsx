import { newChangeId } from "@redline/core/changes/schema";
import { LIMITS } from "@redline/core/limits";
import { languages } from "@redline/core/reviewers/schema";
import { Form, Link } from "@remix-run/react";
import { CheckCheck, Download, Ellipsis, GitCompare, History, Trash2, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, ButtonLink, IconLink } from "../ui/button";
import { Menu, menuItemClass } from "../ui/menu";
import type { ReviewActionInput, ReviewIntent } from "./actions";
import type { ReviewPage } from "./page";

type HeaderProps = {
  page: ReviewPage;
  /** Describes the save state. */
  saveState: string;
  onAction: (input: ReviewActionInput) => void;
  onSave?: () => void;
  /** Actions in progress. */
  pending: ReadonlyMap<string, ReviewIntent>;
};

/** The session's name, version and actions. */
export function ReviewHeader({ page, saveState, onAction, onSave, pending }: HeaderProps) {
  const { session, head, safeFixes, changeId } = page;
  const at = `/sessions/${session.id}`;
  const isBusy = (intent: ReviewIntent) => pending.has(intent);
  return (
    <header className="review-header">
      <Rename key={session.name} name={session.name} onAction={onAction} />
      <span className="review-version" title={head.message}>
        v{head.number} · <span data-testid="save-state">{saveState}</span>
      </span>
      {page.file && <LanguageSelect file={page.file} onAction={onAction} />}
      <div className="review-actions">
        {onSave && (
          <Button size="small" onClick={onSave} aria-keyshortcuts="s Meta+S Control+S">
            Save
          </Button>
        )}
        {head.number > 1 && (
          <ActionForm
            onAction={onAction}
            input={{ intent: "undo", version: head.number, changeId }}
            isBusy={isBusy("undo")}
          >
            <Button
              type="submit"
              size="small"
              aria-disabled={isBusy("undo")}
              title={`Undo v${head.number}: ${head.message}`}
              aria-keyshortcuts="u"
            >
              <Undo2 size={14} aria-hidden="true" /> Undo
            </Button>
          </ActionForm>
        )}
        {safeFixes > 0 && (
          <ActionForm onAction={onAction} input={{ intent: "all-safe", changeId }} isBusy={isBusy("all-safe")}>
            <Button
              type="submit"
              size="small"
              variant="added"
              aria-keyshortcuts="Shift+A"
              aria-disabled={isBusy("all-safe")}
            >
              <CheckCheck size={14} aria-hidden="true" />{" "}
              {isBusy("all-safe") ? "Applying…" : `Apply all safe (${safeFixes})`}
            </Button>
          </ActionForm>
        )}
        <ActionForm onAction={onAction} input={{ intent: "review" }} isBusy={isBusy("review")}>
          <Button type="submit" size="small" aria-disabled={isBusy("review")}>
            Review
          </Button>
        </ActionForm>
        <ButtonLink
          size="small"
          to={`${at}/model-review${page.file ? `?file=${encodeURIComponent(page.file.path)}` : ""}`}
        >
          Review with model…
        </ButtonLink>
        <IconLink to={`${at}/history`} label="History" size="small" tipAlign="end">
          <History size={16} aria-hidden="true" />
        </IconLink>
        {head.number > 1 && (
          <IconLink
            to={`${at}/compare?from=${head.number - 1}&to=${head.number}`}
            label="Compare"
            size="small"
            tipAlign="end"
          >
            <GitCompare size={16} aria-hidden="true" />
          </IconLink>
        )}
        <Menu label="More" trigger={<Ellipsis size={16} aria-hidden="true" />} triggerClassName="h-6!">
          <a className={menuItemClass} href={`${at}/export.json`} data-menu-item>
            <Download size={16} aria-hidden="true" /> Export with findings (.json)
          </a>
          <a className={menuItemClass} href={`${at}/export.zip`} data-menu-item>
            <Download size={16} aria-hidden="true" /> Download files (.zip
            {page.renamedInZip > 0 && `, ${page.renamedInZip} renamed: see RENAMED.txt`})
          </a>
          <Link className={menuItemClass} to="?edit=1" data-menu-item>
            Edit as plain text
          </Link>
          <ActionForm onAction={onAction} input={{ intent: "trash" }}>
            <button type="submit" className={menuItemClass} data-menu-item>
              <Trash2 size={16} aria-hidden="true" /> Delete
            </button>
          </ActionForm>
        </Menu>
      </div>
    </header>
  );
}

type ActionFormProps = {
  input: ReviewActionInput;
  onAction: (input: ReviewActionInput) => void;
  /** True while the same action is in progress, to prevent a double submission. */
  isBusy?: boolean;
  children: React.ReactNode;
};

/** An action as a form that also works without JavaScript. */
export function ActionForm({ input, onAction, isBusy = false, children }: ActionFormProps) {
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    onAction("changeId" in input ? { ...input, changeId: newChangeId() } : input);
  };
  return (
    <Form method="post" preventScrollReset onSubmit={onSubmit}>
      {Object.entries(input).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
      {children}
    </Form>
  );
}

function Rename({ name, onAction }: { name: string; onAction: (input: ReviewActionInput) => void }) {
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

function LanguageSelect({
  file,
  onAction,
}: {
  file: { path: string; language: string };
  onAction: (input: ReviewActionInput) => void;
}) {
  return (
    <Form method="post" className="review-language">
      <input type="hidden" name="intent" value="language" />
      <input type="hidden" name="path" value={file.path} />
      <select
        key={`${file.path} ${file.language}`}
        name="language"
        aria-label={`Language of ${file.path}`}
        defaultValue={file.language}
        onChange={(event) => onAction({ intent: "language", path: file.path, language: event.target.value })}
      >
        {languages.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <noscript>
        <button type="submit">Set</button>
      </noscript>
    </Form>
  );
}
