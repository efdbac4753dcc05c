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

/** The page of the list that a URL asks for. A filter that makes no sense is left out, and `problem` says so. */
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

/** For the start page: the sessions that wait for an answer, and the other recent ones. */
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

/** One page of the trash. */
export async function findTrashed(actor: Actor, query: URLSearchParams) {
  const cursor = query.get("cursor") ?? undefined;
  return { ...(await listSessions(actor, { trashed: true, cursor })), isFirst: !cursor };
}

/** Carries out what a list's form asks of a session, and goes back to where it was asked. */
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
