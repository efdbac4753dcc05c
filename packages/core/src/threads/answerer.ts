/** Chooses who answers a message, in one place for the page, for posting and for writing the reply. */
import { modelNames } from "../ai/internal";
import type { Task } from "../ai/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { listFindings } from "../review/index";
import type { Session } from "../sessions/schema";
import type { Intent } from "./schema";
import type { StoredThread } from "./store";

export type Answerer = { by: "model" | "builtin" } | { by: null; reason: string };

const MODEL_REQUIRED =
  "This needs a model, and none is connected. Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model> and restart. Settings → Model shows the active model.";

const TASKS: Record<Intent, Task> = {
  ask: "reply",
  explain: "explain",
  fix: "fix",
  refactor: "refactor",
  document: "document",
  test: "test",
};

/** The task of a model that answers such a message. */
export const taskOf = (intent: Intent): Task => TASKS[intent];

/**
 * Returns the model where one is configured, else the built-in reviewer for its own findings, else neither with the
 * reason.
 */
export function chooseAnswerer(intent: Intent, about: { hasBuiltinFinding: boolean }): Answerer {
  if (modelNames(taskOf(intent)).length > 0) return { by: "model" };
  if (about.hasBuiltinFinding && isOfFindings(intent)) return { by: "builtin" };
  return { by: null, reason: MODEL_REQUIRED };
}

const isOfFindings = (intent: Intent): boolean => intent === "explain" || intent === "fix";

export const modelRequired = (): AppError => new AppError("MODEL_REQUIRED", MODEL_REQUIRED);

type About = Pick<StoredThread, "path" | "anchor" | "finding">;

/** Throws MODEL_REQUIRED where no reply is possible: no model, and no finding of the built-in reviewer. */
export async function requireAnswerer(actor: Actor, session: Session, about: About, intent: Intent): Promise<void> {
  const hasModel = chooseAnswerer(intent, { hasBuiltinFinding: false }).by === "model";
  const hasBuiltinFinding = !hasModel && isOfFindings(intent) && (await findsSomething(actor, session, about));
  if (chooseAnswerer(intent, { hasBuiltinFinding }).by === null) throw modelRequired();
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
