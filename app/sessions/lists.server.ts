import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { listSessions, renameSession, restoreSession, trashSession } from "@redline/core/sessions/index";
import { listSessionsSchema } from "@redline/core/sessions/schema";
import * as v from "valibot";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { openFindings } from "./findings-cell";

const FILTERS = ["search", "language", "from", "to", "cursor"] as const;

/** Returns the page of sessions for a URL. Invalid filters are ignored and reported in `problem`. */
export async function findSessions(actor: Actor, query: URLSearchParams) {
  const given: Partial<Record<(typeof FILTERS)[number], string>> = {};
  for (const name of FILTERS) given[name] = query.get(name) || undefined;
  const parsed = v.safeParse(listSessionsSchema, given);
  const problem = parsed.success ? undefined : parsed.issues[0].message;
  const page = await listSessions(actor, parsed.success ? parsed.output : { trashed: false });
  const { search = "", language = "", from = "", to = "", cursor } = given;
  return { ...page, filter: { search, language, from, to }, isFirst: !cursor, problem };
}

const SHOWN_AT_HOME = 8;

/** Loads the home page's sessions: those that need attention, and other recent ones. */
export async function sessionsForHome(actor: Actor) {
  const { sessions } = await listSessions(actor, { trashed: false });
  const waiting = sessions.filter(({ review }) => review?.status === "failed" || openFindings(review) > 0);
  const recent = sessions.filter((session) => !waiting.includes(session));
  return {
    waiting: waiting.slice(0, SHOWN_AT_HOME),
    recent: recent.slice(0, SHOWN_AT_HOME),
    notShown: Math.max(waiting.length - SHOWN_AT_HOME, 0),
  };
}

/** Returns one page of the trash. */
export async function findTrashed(actor: Actor, query: URLSearchParams) {
  const cursor = query.get("cursor") ?? undefined;
  return { ...(await listSessions(actor, { trashed: true, cursor })), isFirst: !cursor };
}

/** Performs a list form's action on a session and redirects back. Throws AppError. */
export async function performSessionAction(actor: Actor, request: Request): Promise<Response> {
  const form = await readTextForm(request);
  const id = String(form.get("id") ?? "");
  const back = async (otherwise: string, message: string, trashed?: string) =>
    redirectWithin(request, form.get("returnTo"), {
      fallback: otherwise,
      headers: await flash({ message, trashed }),
    });
  switch (form.get("intent")) {
    case "rename": {
      const { name } = await renameSession(actor, { id, name: String(form.get("name") ?? "") });
      return back("/sessions", `Renamed to ${name}.`);
    }
    case "trash": {
      const { name } = await trashSession(actor, { id });
      return back("/sessions", `Moved ${name} to trash.`, id);
    }
    case "restore": {
      const { name } = await restoreSession(actor, { id });
      return back("/trash", `${name} restored.`);
    }
    default:
      throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
  }
}
