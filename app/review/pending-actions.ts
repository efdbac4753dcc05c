import type { ReviewActionInput, ReviewIntent } from "./actions";

/** The actions in progress by their subject, until the page shows their outcome. */
export type PendingActions = ReadonlyMap<string, ReviewIntent>;

/** Returns what an action is about: a finding or change, one of its hunks, or else the action itself. */
export function actionSubject(input: ReviewActionInput): string {
  switch (input.intent) {
    case "accept":
    case "reject":
      return hunkSubject(input.identity ?? input.change, input.hunk);
    case "dismiss":
    case "reopen":
      return input.identity;
    case "accept-lines":
    case "reject-lines":
      return `lines ${input.path} ${input.lines}`;
    case "undo-decision":
      return `decision ${input.number}`;
    case "rename":
      return `rename ${input.name}`;
    case "language":
      return `language ${input.path} ${input.language}`;
    default:
      return input.intent;
  }
}

/** Returns the subject of a decision on one hunk; without one, of the whole. */
export const hunkSubject = (id: string, hunk?: string | number): string => (hunk === undefined ? id : `${id}#${hunk}`);

/** Returns the action in progress on a finding or change, or on any of its hunks. */
export function pendingAction(pending: PendingActions, id: string): ReviewIntent | undefined {
  const whole = pending.get(id);
  if (whole) return whole;
  for (const [subject, intent] of pending) if (subject.startsWith(`${id}#`)) return intent;
  return undefined;
}
