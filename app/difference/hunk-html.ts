/** Draws what is decided of a hunk, and the form that decides it, as HTML: forms work before any script and without. */
import type { ShownDecision } from "@redline/core/differences/schema";
import { LIMITS } from "@redline/core/limits";
import { countIn } from "@redline/core/text/index";
import { escapeHtml } from "../editor/escape-html";
import type { HunkDecision } from "./decided-hunks";
import { formatLines } from "./decision-lines";

/** Fields that all forms of a file share. */
export type DecisionForm = { path: string; version: number; key: string };

const hidden = (fields: Record<string, string | number>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(String(value))}">`)
    .join("");

const button = (intent: string, name: string, about: string, keys = ""): string =>
  `<button class="hunk-act" name="intent" value="${intent}" aria-label="${name} ${about}"${keys && ` aria-keyshortcuts="${keys}"`}>${name}</button>`;

const saidNote = (note: string): string => (note === "" ? "" : `<q class="hunk-said">${escapeHtml(note)}</q>`);

const STATES = {
  accepted: '<span class="hunk-state" data-state="accepted">✓ Accepted</span>',
  pending: '<span class="hunk-state" data-state="pending">Rejected: it takes effect when the agent\'s turn ends</span>',
  partly: '<span class="hunk-state">Partly decided</span>',
  undecided: "",
} as const;

type BarOptions = { form: DecisionForm; number: number; hunk: HunkDecision; viewKey: string; isViewed: boolean };

/** Returns the row below a hunk: what is decided, and the buttons that decide. */
export function renderHunkBar({ form, number, hunk, viewKey, isViewed }: BarOptions): string {
  const { state, lines, latest } = hunk;
  const about = `change ${number}`;
  const isDecided = state === "accepted" || state === "pending";
  const undo = isDecided ? button("undo-decision", "Undo", `the decision on ${about}`) : "";
  const decide = isDecided
    ? ""
    : `${button("accept-lines", "Accept", about, "y")}${button("reject-lines", "Reject", about, "x")}${noteField(about)}`;
  const fields: Record<string, string | number> =
    isDecided && latest ? { key: form.key, number: latest.number } : { ...form, lines: formatLines(lines) };
  const viewed =
    `<button type="button" class="hunk-act hunk-viewed scripted" data-view="${escapeHtml(viewKey)}" aria-pressed="${isViewed}" ` +
    `aria-label="Viewed: ${about}" aria-keyshortcuts="Shift+V">${isViewed ? "✓ Viewed" : "Viewed"}</button>`;
  return (
    `<form class="hunk-bar" method="post" data-hunk="${number - 1}" data-state="${state}">${hidden(fields)}` +
    `${STATES[state]}${latest ? saidNote(latest.note) : ""}${decide}${undo}${viewed}</form>`
  );
}

const noteField = (about: string): string =>
  `<details class="hunk-note"><summary>Note</summary><textarea name="note" rows="2" maxlength="${LIMITS.hunkDecision.maxNoteChars}" ` +
  `aria-label="Note on ${about}" placeholder="Why; sent with the decision"></textarea></details>`;

/** Returns rejected lines that were reverted, struck, where they were. */
export function renderReverted(decision: ShownDecision, form: DecisionForm | undefined): string {
  const { number, removed, added, note, gone, authorName } = decision;
  const lines = (count: number) => `${count} ${count === 1 ? "line" : "lines"}`;
  const parts = [
    ...(added.length > 0 ? [`${lines(countIn(added))} added`] : []),
    ...(removed.length > 0 ? [`${lines(countIn(removed))} removed`] : []),
  ];
  const about = `Rejected by ${escapeHtml(authorName)}: ${parts.join(", ")}`;
  const text = gone?.added
    ? `<details class="hunk-gone"${countIn(added) <= 12 ? " open" : ""}><summary>${about}</summary><del>${escapeHtml(gone.added)}</del></details>`
    : `<span class="hunk-gone">${about}</span>`;
  const said = `${text}${saidNote(note)}`;
  if (!form) return `<div class="hunk-bar hunk-reverted">${said}</div>`;
  const undo = button("undo-decision", "Undo", "this rejection");
  return `<form class="hunk-bar hunk-reverted" method="post">${hidden({ key: form.key, number })}${said}${undo}</form>`;
}
