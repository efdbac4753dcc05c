import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { discard, getOverview, redrive } from "@redline/core/ops/index";
import { resources } from "@redline/core/platform/resources";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { versions } from "./versions.server";

/** Loads the operations page. */
export async function loadOperations(actor: Actor) {
  const overview = await getOverview(actor, {});
  return { ...overview, versions: { ...versions(), stage: resources.App.stage } };
}

/** Performs the submitted action and redirects to the page, which resumes an unfinished one. Throws AppError. */
export async function performOperation(actor: Actor, request: Request) {
  const form = await readTextForm(request);
  const intent = form.get("intent");
  const queue = String(form.get("queue") ?? "");
  const letter = textIn(form, "letter");
  const before = numberField(form, "before");
  if (intent === "redrive") {
    const done = await redrive(actor, { queue, letter, before });
    return finishBulkAction(request, { intent, queue, done, before: done.before, form });
  }
  if (intent === "discard") {
    if (before === undefined) throw new AppError("INVALID_INPUT", "Missing `before`.", { field: "before" });
    return finishBulkAction(request, {
      intent,
      queue,
      done: await discard(actor, { queue, letter, before }),
      before,
      form,
    });
  }
  throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
}

type BulkActionOutcome = {
  intent: "redrive" | "discard";
  queue: string;
  done: { moved: number; isDone: boolean };
  before: number;
  form: FormData;
};

async function finishBulkAction(request: Request, { intent, queue, done, before, form }: BulkActionOutcome) {
  const moved = done.moved + (numberField(form, "moved") ?? 0);
  if (done.isDone || done.moved === 0) {
    return redirectWithin(request, "/ops", { headers: await flash({ message: OUTCOME_MESSAGES[intent](moved) }) });
  }
  const resumed = { resume: intent, queue, before: String(before), moved: String(moved) };
  return redirectWithin(request, `/ops?${new URLSearchParams(resumed)}`);
}

const OUTCOME_MESSAGES = {
  redrive: (moved: number) => {
    if (moved === 0) return "Nothing to redrive. Another operator may have handled it.";
    return moved === 1 ? "1 job redriven." : `${moved} jobs redriven.`;
  },
  discard: (moved: number) => {
    if (moved === 0) return "Nothing to discard. Another operator may have handled it.";
    return moved === 1 ? "1 dead letter discarded." : `${moved} dead letters discarded.`;
  },
};

function textIn(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberField(form: FormData, name: string): number | undefined {
  const text = textIn(form, name);
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
