import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { ConditionCheck } from "dynamodb-toolbox/entity/actions/transactCheck";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { failedTransactionItems, isConditionFailed } from "../platform/dynamo-errors";
import { entityDefaults, table } from "../platform/table";
import { retryOnConflict, type Write, writeAll } from "../platform/transaction";
import { indexName, reindexName } from "./name-index";
import type { ReviewSummary, Session, SessionDifference } from "./schema";

export const SessionEntity = new Entity({
  ...entityDefaults,
  name: "session",
  schema: item({
    id: string().key(),
    teamId: string(),
    codebaseId: string(),
    name: string(),
    /** Lower case, for search. */
    nameSearch: string(),
    creatorId: string(),
    languages: list(string()),
    fileCount: number(),
    lines: number().optional(),
    bytes: number(),
    createdAt: string(),
    updatedAt: string(),
    review: any().optional(),
    modelReviewId: string().optional(),
    difference: any().optional(),
    trashedAt: string().optional(),
    gsi1pk: string(),
    gsi1sk: string(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
  computeKey: ({ id }: { id: string }) => ({ pk: `SESSION#${id}`, sk: "SESSION" }),
});

export const teamKey = (teamId: string) => `TEAM#${teamId}`;
export const updatedKey = (updatedAt: string) => `SESSION#${updatedAt}`;
export const trashKey = (trashedAt: string) => `TRASH#${trashedAt}`;

/** Partition of all teams' trashed sessions by the time of deletion, for the nightly sweep. */
const TRASH = "STATUS#session#trashed";

type Stored = Omit<Session, "difference"> & {
  difference?: unknown;
  nameSearch: string;
  gsi1pk: string;
  gsi1sk: string;
  gsi2pk?: string;
  gsi2sk?: string;
  v: number;
};

export function toSession(stored: Omit<Stored, "review"> & { review?: unknown }): Session {
  const { nameSearch: _name, gsi1pk: _pk, gsi1sk: _sk, gsi2pk: _pk2, gsi2sk: _sk2, v: _v, ...session } = stored;
  return session as Session;
}

/** Returns the writes that create a session, for a transaction. */
export const createSessionWrites = (session: Session): Write[] => [
  SessionEntity.build(PutTransaction)
    .item({
      ...session,
      nameSearch: session.name.toLowerCase(),
      gsi1pk: teamKey(session.teamId),
      gsi1sk: updatedKey(session.updatedAt),
    })
    .options({ condition: { attr: "id", exists: false } }),
  ...indexName(session),
];

export async function readSession(id: string): Promise<Session | undefined> {
  const { Item } = await SessionEntity.build(GetItemCommand).key({ id }).options({ consistent: true }).send();
  return Item && toSession(Item);
}

type Facts = Pick<Session, "languages" | "fileCount" | "lines" | "bytes" | "updatedAt">;

/** The most writes of a transaction. */
const MAX_WRITES = 100;

/**
 * Renames a session. Returns false where it is gone, or was renamed since it was read. The terms of two long names are
 * more than a transaction takes: the old ones go in a second one then. Until it is done, they find a name that hasn't them.
 */
export async function writeName(session: Session, name: string): Promise<boolean> {
  const rename = SessionEntity.build(UpdateTransaction)
    .item({ id: session.id, name, nameSearch: name.toLowerCase() })
    .options({ condition: { attr: "name", eq: session.name } });
  try {
    const { added, gone } = reindexName(session, name);
    const isOneTransaction = 1 + added.length + gone.length <= MAX_WRITES;
    await retryOnConflict(() => writeAll([rename, ...added, ...(isOneTransaction ? gone : [])]));
    if (!isOneTransaction) await removeTerms(session.id, name, gone);
    return true;
  } catch (error) {
    if (failedTransactionItems(error)?.condition.includes(0)) return false;
    throw error;
  }
}

/** Removes an old name's terms from the index, unless the session was renamed again since. */
async function removeTerms(id: string, name: string, gone: Write[]): Promise<void> {
  const isStillNamed = SessionEntity.build(ConditionCheck).key({ id }).condition({ attr: "name", eq: name });
  try {
    await retryOnConflict(() => writeAll([isStillNamed, ...gone]));
  } catch (error) {
    if (!failedTransactionItems(error)) throw error;
  }
}

/** Stores a review's summary on its session, unless a later version's is there already. */
export async function writeReviewSummary(session: Session, review: ReviewSummary, facts: Facts): Promise<void> {
  const { languages, ...rest } = facts;
  const item = { id: session.id, ...rest, languages: $set(languages), review: $set(review) };
  try {
    await SessionEntity.build(UpdateItemCommand)
      .item({ ...item, gsi1sk: updatedKey(facts.updatedAt) })
      .options({
        condition: {
          and: [
            { attr: "id", exists: true },
            { attr: "trashedAt", exists: false },
            {
              or: [
                { attr: "review", exists: false },
                { attr: "review.version", lte: review.version },
              ],
            },
          ],
        },
      })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

export async function writeModelReviewId(id: string, modelReviewId: string): Promise<void> {
  await SessionEntity.build(UpdateItemCommand)
    .item({ id, modelReviewId })
    .options({ condition: { attr: "id", exists: true } })
    .send();
}

/** Returns the write of a session's difference, for a transaction that fails where the session is gone. */
export const differenceWrite = (id: string, difference: SessionDifference): Write =>
  SessionEntity.build(UpdateTransaction)
    .item({ id, difference: $set(difference) })
    .options({ condition: { attr: "id", exists: true } });

export async function moveToTrash(session: Session, trashedAt: string): Promise<void> {
  await SessionEntity.build(UpdateItemCommand)
    .item({ id: session.id, trashedAt, gsi1sk: trashKey(trashedAt), gsi2pk: TRASH, gsi2sk: trashedAt })
    .options({ condition: { attr: "id", exists: true } })
    .send();
}

export async function restoreFromTrash(session: Session): Promise<void> {
  await SessionEntity.build(UpdateItemCommand)
    .item({
      id: session.id,
      trashedAt: $remove(),
      gsi1sk: updatedKey(session.updatedAt),
      gsi2pk: $remove(),
      gsi2sk: $remove(),
    })
    .options({ condition: { attr: "id", exists: true } })
    .send();
}

/** Returns at most 100 sessions of all teams that were trashed before a time (ISO). */
export async function queryTrashedBefore(before: string): Promise<Session[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(SessionEntity)
    .query({ index: "gsi2", partition: TRASH, range: { lt: before } })
    .options({ limit: 100 })
    .send();
  return Items.map(toSession);
}
