import { Entity } from "dynamodb-toolbox/entity";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { packed } from "../../platform/compressed-json";
import { padNumber } from "../../platform/ids";
import { entityDefaults, table } from "../../platform/table";
import type { Write } from "../../platform/transaction";
import type { LogEntry } from "./schema";

const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;
const entryKey = (number: number) => `DECISION#${padNumber(number)}`;

const EntryEntity = new Entity({
  ...entityDefaults,
  name: "hunk-decision",
  schema: item({
    sessionId: string().key(),
    number: number().key(),
    id: string(),
    entry: any().transform(packed),
    authorId: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, number }: { sessionId: string; number: number }) => ({
    pk: sessionKey(sessionId),
    sk: entryKey(number),
  }),
});

/** Returns the write of an entry, for a transaction that fails when another has its number. */
export const entryWrite = (sessionId: string, authorId: string, entry: LogEntry): Write =>
  EntryEntity.build(PutTransaction)
    .item({ sessionId, authorId, number: entry.number, id: entry.id, entry })
    .options({ condition: { attr: "number", exists: false } });

/** Returns a session's entries, oldest first. */
export async function queryEntries(sessionId: string): Promise<LogEntry[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(EntryEntity)
    .query({ partition: sessionKey(sessionId), range: { beginsWith: "DECISION#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.map(({ entry }) => entry as LogEntry);
}
