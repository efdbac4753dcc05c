import { getCodebase } from "@redline/core/codebases/index";
import { getSession, listSessions } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { loading } from "../http/errors.server";

const SHOWN = 8;

/** `GET /palette?search=&session=`: the sessions to go to, and the files of the one that is open. */
export const loader = loading(async ({ request }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const search = query.get("search")?.slice(0, 200) || undefined;
  const { sessions } = await listSessions(actor, { search });
  const id = query.get("session");
  const files = id ? await filesOf(actor, id) : [];
  return { sessions: sessions.slice(0, SHOWN).map(({ id, name }) => ({ id, name })), files };
});

async function filesOf(actor: Awaited<ReturnType<typeof getActor>>, id: string): Promise<string[]> {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  return codebase.tree.map(({ path }) => path);
}
