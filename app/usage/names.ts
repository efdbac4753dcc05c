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

/** What a call was for, as its row says it. */
export const purposeName = ({ about, task }: Pick<Call, "about" | "task">): string =>
  about.kind === "test" ? "Model test" : taskName(task);

/** Where what a call was for can be seen; a test of the model left nothing. */
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

/** A model's own name, without the server that it is on. */
export function modelName(configured: string): string {
  const hash = configured.indexOf("#");
  return hash >= 0 ? configured.slice(hash + 1) : configured.replace(/^bedrock:/, "");
}
