import type { Task } from "@redline/core/ai/schema";
import type { Call, CallStatus } from "@redline/core/usage/schema";

const TASK_NAMES: Record<Task, string> = {
  review: "Review",
  reply: "Reply",
  complete: "Completion",
  explain: "Explain",
  refactor: "Refactor",
  fix: "Fix",
  document: "Document",
  test: "Write tests",
  plan: "Plan",
  code: "Write code",
  qa: "Check quality",
  ops: "Operate",
  prd: "Requirements",
  embed: "Index for search",
};

export const taskName = (task: Task): string => TASK_NAMES[task];

/** Returns a call's purpose for display. */
export const purposeName = ({ about, task }: Pick<Call, "about" | "task">): string =>
  about.kind === "test" ? "Model test" : taskName(task);

/** Returns the URL of a call's subject; undefined for a model test. */
export function purposeLink({ about }: Pick<Call, "about">): string | undefined {
  switch (about.kind) {
    case "message":
      return `/sessions/${about.sessionId}?thread=${about.threadId}`;
    case "review":
      return `/sessions/${about.sessionId}${about.path ? `?file=${encodeURIComponent(about.path)}` : ""}`;
    case "change":
      return `/sessions/${about.sessionId}`;
    case "test":
      return undefined;
  }
}

const STATUS_NAMES: Record<CallStatus, string> = {
  reserved: "In progress",
  done: "Done",
  failed: "Failed",
  cancelled: "Stopped",
  truncated: "Truncated",
  unknown: "Unknown",
};

export const statusName = (status: CallStatus): string => STATUS_NAMES[status];

/** Returns a model's name without its server. */
export function modelName(configured: string): string {
  const hash = configured.indexOf("#");
  return hash >= 0 ? configured.slice(hash + 1) : configured.replace(/^bedrock:/, "");
}
