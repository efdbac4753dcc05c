/** What an agent tells its hooks on standard input, and the form in which it takes a text back. */
import * as v from "valibot";

const Input = v.object({
  hook_event_name: v.optional(v.string()),
  cwd: v.optional(v.string()),
  workspace_roots: v.optional(v.array(v.string())),
});

export type HookEvent = { name?: string; folder?: string };

/** Returns what is known of the event; nothing for an input that is none. */
export function readEvent(text: string): HookEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  const parsed = v.safeParse(Input, value);
  if (!parsed.success) return {};
  const { hook_event_name: name, cwd, workspace_roots: roots } = parsed.output;
  const folder = roots?.[0] ?? cwd;
  return { ...(name && { name }), ...(folder && { folder }) };
}

/**
 * Returns what to print so that the agent reads `message`; an empty message says that there is nothing to tell. Claude Code and
 * Codex go on after a stop that is blocked with a reason, Cursor with a follow-up; others get the text itself.
 */
export function toOutput({ name }: HookEvent, message: string): string {
  const json = (value: object) => `${JSON.stringify(value)}\n`;
  switch (name) {
    case "UserPromptSubmit":
      return message && json({ hookSpecificOutput: { hookEventName: name, additionalContext: message } });
    case "Stop":
      return message && json({ decision: "block", reason: message });
    case "beforeSubmitPrompt":
      return json({ continue: true });
    case "stop":
      return json(message ? { followup_message: message } : {});
    default:
      return message && `${message}\n`;
  }
}

/** Whether the agent reads a text at this event: Cursor takes none before a prompt. */
export const takesText = ({ name }: HookEvent): boolean => name !== "beforeSubmitPrompt";
