import type { Actor } from "@redline/core/auth/schema";
import { restoreVersion, undoVersion } from "@redline/core/changes/index";
import { AppError } from "@redline/core/errors";
import type { Session } from "@redline/core/sessions/schema";
import { redirect } from "@remix-run/node";
import { flash } from "../http/flash.server";

/**
 * Undoes a version or restores one, as the history's forms ask: back to the history when it is applied, to the merge
 * when it conflicts. Throws CHANGE_REFUSED when it can't be.
 */
export async function actOnVersion(actor: Actor, { id, codebaseId }: Session, form: FormData): Promise<Response> {
  const act = actOf(form);
  const version = Number(form.get("version"));
  const input = { codebaseId, version, changeId: String(form.get("changeId") ?? "") };
  const result = await (act === "undo" ? undoVersion(actor, input) : restoreVersion(actor, input));
  switch (result.outcome) {
    case "applied": {
      const done = act === "undo" ? `Undid v${version}` : `Restored v${version}`;
      return redirect(`/sessions/${id}/history`, {
        headers: await flash({ message: `${done}, as v${result.version}.` }),
      });
    }
    case "conflict":
      return redirect(`/sessions/${id}/merge?change=${result.changeId}`);
    case "refused":
      throw new AppError("CHANGE_REFUSED", result.reason);
  }
}

function actOf(form: FormData): "undo" | "restore" {
  const intent = form.get("intent");
  if (intent === "undo" || intent === "restore") return intent;
  throw new AppError("INVALID_INPUT", "That is nothing this page can do.", { field: "intent" });
}
