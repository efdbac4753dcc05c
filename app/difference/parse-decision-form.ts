import { newChangeId } from "@redline/core/changes/schema";
import type { ReviewActionInput } from "../review/actions";

/** Parses a hunk's form for a decision that it offers; null for one that it doesn't. */
export function parseDecisionForm(form: HTMLFormElement, intent: string | null): ReviewActionInput | null {
  if (!form.querySelector(`[name="intent"][value="${intent ?? ""}"]`)) return null;
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? "");
  const key = newChangeId();
  switch (intent) {
    case "accept-lines":
    case "reject-lines": {
      const about = { path: text("path"), version: Number(text("version")), lines: text("lines") };
      return { intent, key, ...about, note: text("note") };
    }
    case "undo-decision":
      return { intent, key, number: Number(text("number")) };
    default:
      return null;
  }
}
