/**
 * The index that sessions are found by name with: an item for each term of a name, under its team, written in the
 * transaction that writes the name. A search reads the terms that begin with its words, however many sessions there are.
 */
import { Entity } from "dynamodb-toolbox/entity";
import { DeleteTransaction } from "dynamodb-toolbox/entity/actions/transactDelete";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { batchDeleteAll } from "../platform/batch";
import { entityDefaults, table } from "../platform/table";
import type { Write } from "../platform/transaction";
import { searchTerms } from "../text/index";
import type { Session } from "./schema";

const termsKey = (teamId: string) => `TERMS#${teamId}`;

const TermEntity = new Entity({
  ...entityDefaults,
  name: "session-term",
  schema: item({
    teamId: string().key(),
    term: string().key(),
    sessionId: string().key(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, term, sessionId }: { teamId: string; term: string; sessionId: string }) => ({
    pk: termsKey(teamId),
    sk: `${term}#${sessionId}`,
  }),
});

type Named = Pick<Session, "id" | "teamId" | "name">;

const termKeysOf = ({ id: sessionId, teamId }: Named, terms: string[]) =>
  terms.map((term) => ({ teamId, term, sessionId }));

/** Returns the writes that make a new session findable. */
export const indexName = (session: Named): Write[] =>
  termKeysOf(session, searchTerms(session.name)).map((key) => TermEntity.build(PutTransaction).item(key));

/** Returns the writes that make a session findable by its new name, and those that make it so no more by its old one. */
export function reindexName(session: Named, name: string): { added: Write[]; gone: Write[] } {
  const [before, after] = [searchTerms(session.name), searchTerms(name)];
  const added = after.filter((term) => !before.includes(term));
  const gone = before.filter((term) => !after.includes(term));
  return {
    added: termKeysOf(session, added).map((key) => TermEntity.build(PutTransaction).item(key)),
    gone: termKeysOf(session, gone).map((key) => TermEntity.build(DeleteTransaction).key(key)),
  };
}

/** Takes a session out of the index; doing it again changes nothing. */
export const removeName = ({ id, teamId, name }: Named): Promise<void> =>
  batchDeleteAll(searchTerms(name).map((term) => ({ pk: termsKey(teamId), sk: `${term}#${id}` })));

/** Sessions that one word may find; a word that finds more is so common that reading the newest sessions finds a page. */
const MAX_FOUND = 1_000;

/**
 * Returns the ids of sessions that have all of the words in their names; undefined where each of the words is too common.
 * A name that changes meanwhile may be missed or found by its old words, so the caller compares them.
 */
export async function findByName(teamId: string, words: readonly string[]): Promise<string[] | undefined> {
  const found = (await Promise.all(words.map((word) => idsOf(teamId, word)))).filter((ids) => ids !== undefined);
  const [fewest, ...others] = found.sort((a, b) => a.size - b.size);
  return fewest && [...fewest].filter((id) => others.every((ids) => ids.has(id)));
}

async function idsOf(teamId: string, word: string): Promise<Set<string> | undefined> {
  const { Items = [], LastEvaluatedKey } = await table
    .build(QueryCommand)
    .entities(TermEntity)
    .query({ partition: termsKey(teamId), range: { beginsWith: word } })
    .options({ consistent: true, limit: MAX_FOUND, attributes: ["sessionId"] })
    .send();
  return LastEvaluatedKey ? undefined : new Set(Items.map(({ sessionId }) => sessionId));
}
