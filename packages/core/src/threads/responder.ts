/** Chooses who replies to a message, in one place for the page, for posting and for writing the reply. */
import { modelNames } from "../ai/internal";
import type { Task } from "../ai/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { listFindings } from "../review/index";
import type { Session } from "../sessions/schema";
import type { MessageKind } from "./schema";
import type { StoredThread } from "./store";

export type Responder = { by: "model" | "builtin" } | { by: null; reason: string };

const MODEL_REQUIRED =
  "This needs a model, and none is connected. Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model> and restart. Settings → Model shows the active model.";

const TASKS: Record<MessageKind, Task> = {
  ask: "reply",
  explain: "explain",
  fix: "fix",
  refactor: "refactor",
  document: "document",
  test: "test",
};

/** Returns the task of a model that replies to such a message. */
export const taskOf = (messageKind: MessageKind): Task => TASKS[messageKind];

/** Returns whether a model is configured that replies to such a message. */
export const hasModelFor = (messageKind: MessageKind): boolean => modelNames(taskOf(messageKind)).length > 0;

/**
 * Returns the model where one is configured, else the built-in reviewer for its own findings, else neither with the
 * reason.
 */
export function chooseResponder(messageKind: MessageKind, about: { hasBuiltinFinding: boolean }): Responder {
  if (hasModelFor(messageKind)) return { by: "model" };
  if (about.hasBuiltinFinding && isOfFindings(messageKind)) return { by: "builtin" };
  return { by: null, reason: MODEL_REQUIRED };
}

const isOfFindings = (messageKind: MessageKind): boolean => messageKind === "explain" || messageKind === "fix";

export const modelRequired = (): AppError => new AppError("MODEL_REQUIRED", MODEL_REQUIRED);

type About = Pick<StoredThread, "path" | "anchor" | "finding">;

/** Throws MODEL_REQUIRED where no reply is possible: no model, and no finding of the built-in reviewer. */
export async function requireResponder(
  actor: Actor,
  session: Session,
  about: About,
  messageKind: MessageKind,
): Promise<void> {
  const hasModel = hasModelFor(messageKind);
  const hasBuiltinFinding = !hasModel && isOfFindings(messageKind) && (await findsSomething(actor, session, about));
  if (chooseResponder(messageKind, { hasBuiltinFinding }).by === null) throw modelRequired();
}

/** Returns whether the built-in reviewer has findings on the thread's lines, or found what the thread was opened from. */
async function findsSomething(actor: Actor, session: Session, { path, anchor, finding }: About): Promise<boolean> {
  if (finding?.source === "builtin") return true;
  const findings = await listFindings(actor, { sessionId: session.id });
  return findings.some(
    (each) =>
      each.source === "builtin" &&
      each.path === path &&
      (!anchor || (each.startLine <= anchor.endLine && each.endLine >= anchor.startLine)),
  );
}
