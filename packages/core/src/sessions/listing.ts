/** Lists a team's sessions: the newest of them, or those that a filter or a search by name leaves. */
import { BatchGetRequest } from "dynamodb-toolbox/entity/actions/batchGet";
import { BatchGetCommand, execute } from "dynamodb-toolbox/table/actions/batchGet";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { table } from "../platform/table";
import { hasWords, searchTerms, searchWords } from "../text/index";
import { findByName } from "./name-index";
import type { Session } from "./schema";
import { SessionEntity, teamKey, toSession, trashKey, updatedKey } from "./store";

export type SessionFilter = { search?: string; language?: string; from?: string; to?: string; trashed: boolean };

export type PageOfSessions = { sessions: Session[]; lastKey?: Record<string, unknown> };

/**
 * Returns one page of a team's sessions, newest first; `startKey` is the key of the previous page's last session. A search
 * reads the few sessions that have its words, unless they are so common that the newest sessions have them as well.
 */
export async function querySessions(
  teamId: string,
  filter: SessionFilter,
  startKey?: Record<string, unknown>,
): Promise<PageOfSessions> {
  const words = searchWords(filter.search ?? "");
  const ids = words.length > 0 ? await findByName(teamId, words) : undefined;
  if (!ids) return walk(teamId, filter, words, startKey);
  const before = startKey && orderOf(String(startKey.gsi1sk), String(startKey.pk).slice("SESSION#".length));
  const { from, to } = rangeOf(filter);
  const found = (await readSessions(ids))
    .filter((session) => session.teamId === teamId && meets(session, filter, words))
    .map((session) => ({ session, at: listKey(session) }))
    .filter(({ at }) => at >= from && at <= to)
    .map(({ session, at }) => ({ session, order: orderOf(at, session.id) }))
    .filter(({ order }) => !before || order < before)
    .sort((a, b) => (a.order < b.order ? 1 : -1));
  const sessions = found.slice(0, LIMITS.session.pageSize).map(({ session }) => session);
  return found.length > sessions.length ? { sessions, lastKey: toPageKey(sessions.at(-1)) } : { sessions };
}

/** Reads from the newest session on until a page is full. */
async function walk(
  teamId: string,
  filter: SessionFilter,
  words: readonly string[],
  startKey: Record<string, unknown> | undefined,
): Promise<PageOfSessions> {
  const { from, to } = rangeOf(filter);
  const conditions = [
    ...words.map((word) => ({ attr: "nameSearch" as const, contains: word })),
    ...(filter.language ? [{ attr: "languages" as const, contains: filter.language }] : []),
  ];
  const sessions: Session[] = [];
  let exclusiveStartKey = startKey;
  do {
    const { Items = [], LastEvaluatedKey } = await table
      .build(QueryCommand)
      .entities(SessionEntity)
      .query({ index: "gsi1", partition: teamKey(teamId), range: { between: [from, to] } })
      .options({
        reverse: true,
        limit: conditions.length > 0 ? 200 : LIMITS.session.pageSize + 1,
        exclusiveStartKey,
        ...(conditions.length > 0 && { filters: { session: { and: conditions } } }),
      })
      .send();
    for (const session of Items.map(toSession)) {
      if (!meets(session, filter, words)) continue;
      if (sessions.length === LIMITS.session.pageSize) return { sessions, lastKey: toPageKey(sessions.at(-1)) };
      sessions.push(session);
    }
    exclusiveStartKey = LastEvaluatedKey;
  } while (exclusiveStartKey);
  return { sessions };
}

/** Returns the keys that a filter's days begin and end with. */
function rangeOf({ trashed, from = "", to = "" }: SessionFilter): { from: string; to: string } {
  const key = trashed ? trashKey : updatedKey;
  return { from: key(from), to: key(`${to}~`) };
}

const listKey = ({ trashedAt, updatedAt }: Session): string =>
  trashedAt ? trashKey(trashedAt) : updatedKey(updatedAt);
const orderOf = (at: string, id: string): string => `${at} ${id}`;

/** Returns whether a session is what was searched for. A search without any word, such as `--`, is part of a name. */
const meets = (session: Session, { search = "", language }: SessionFilter, words: readonly string[]): boolean =>
  (!language || session.languages.includes(language)) &&
  (words.length > 0
    ? hasWords(searchTerms(session.name), words)
    : session.name.toLowerCase().includes(search.toLowerCase()));

const READ_AT_ONCE = 100;

async function readSessions(ids: readonly string[]): Promise<Session[]> {
  const pages: string[][] = [];
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) pages.push(ids.slice(at, at + READ_AT_ONCE));
  const read = pages.map(async (page) => {
    const requests = page.map((id) => SessionEntity.build(BatchGetRequest).key({ id }));
    const { Responses } = await execute(
      { maxAttempts: Number.POSITIVE_INFINITY },
      table
        .build(BatchGetCommand)
        .requests(...requests)
        .options({ consistent: true }),
    );
    return (Responses?.[0] ?? []).flatMap((stored) => (stored ? [toSession(stored)] : []));
  });
  return (await Promise.all(read)).flat();
}

function toPageKey(session: Session | undefined): Record<string, unknown> | undefined {
  if (!session) return undefined;
  return { pk: `SESSION#${session.id}`, sk: "SESSION", gsi1pk: teamKey(session.teamId), gsi1sk: listKey(session) };
}
