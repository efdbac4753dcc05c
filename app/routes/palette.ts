import type { Actor } from "@redline/core/auth/schema";
import { getCodebase } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { getSession, listSessions } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import type { PaletteResults } from "../palette/found";

const SHOWN = 8;

/** `GET /palette?search=&session=`: the sessions to go to, and the files of the one that is open. */
export const loader = withResponseErrors(async ({ request }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const search = query.get("search")?.slice(0, 200) || undefined;
  const id = query.get("session");
  const [{ sessions }, files] = await Promise.all([
    listSessions(actor, { search, trashed: false }),
    id ? listFiles(actor, id) : [],
  ]);
  const found: PaletteResults = { sessions: sessions.slice(0, SHOWN).map(({ id, name }) => ({ id, name })), files };
  return Response.json(found);
});

/** Returns a session's file paths; none when it doesn't exist. */
async function listFiles(actor: Actor, id: string): Promise<string[]> {
  try {
    const session = await getSession(actor, { id });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    return codebase.tree.map(({ path }) => path);
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
