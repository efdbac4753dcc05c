import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { isConditionFailed } from "../platform/dynamo-errors";
import { entityDefaults, table } from "../platform/table";
import type { ReviewSummary, Session } from "./schema";

const SessionEntity = new Entity({
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
    bytes: number(),
    createdAt: string(),
    updatedAt: string(),
    review: any().optional(),
    modelReviewId: string().optional(),
    trashedAt: string().optional(),
    gsi1pk: string(),
    gsi1sk: string(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
  computeKey: ({ id }: { id: string }) => ({ pk: `SESSION#${id}`, sk: "SESSION" }),
});

const teamKey = (teamId: string) => `TEAM#${teamId}`;
const updatedKey = (updatedAt: string) => `SESSION#${updatedAt}`;
const trashKey = (trashedAt: string) => `TRASH#${trashedAt}`;

/** Partition of all teams' trashed sessions by the time of deletion, for the nightly sweep. */
const TRASH = "STATUS#session#trashed";

type Stored = Session & {
  nameSearch: string;
  gsi1pk: string;
  gsi1sk: string;
  gsi2pk?: string;
  gsi2sk?: string;
  v: number;
};

function toSession(stored: Omit<Stored, "review"> & { review?: unknown }): Session {
  const { nameSearch: _name, gsi1pk: _pk, gsi1sk: _sk, gsi2pk: _pk2, gsi2sk: _sk2, v: _v, ...session } = stored;
  return session as Session;
}

export const createSessionWrite = (session: Session) =>
  SessionEntity.build(PutTransaction)
    .item({
      ...session,
      nameSearch: session.name.toLowerCase(),
      gsi1pk: teamKey(session.teamId),
      gsi1sk: updatedKey(session.updatedAt),
    })
    .options({ condition: { attr: "id", exists: false } });

export async function readSession(id: string): Promise<Session | undefined> {
  const { Item } = await SessionEntity.build(GetItemCommand).key({ id }).options({ consistent: true }).send();
  return Item && toSession(Item);
}

type Facts = Pick<Session, "languages" | "fileCount" | "bytes" | "updatedAt">;

export async function writeName(session: Session, name: string): Promise<void> {
  await SessionEntity.build(UpdateItemCommand)
    .item({ id: session.id, name, nameSearch: name.toLowerCase() })
    .options({ condition: { attr: "id", exists: true } })
    .send();
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

export type SessionFilter = { search?: string; language?: string; from?: string; to?: string; trashed: boolean };

/** Returns one page of a team's sessions, newest first; `startKey` is the key of the previous page's last session. */
export async function querySessions(
  teamId: string,
  filter: SessionFilter,
  startKey?: Record<string, unknown>,
): Promise<{ sessions: Session[]; lastKey?: Record<string, unknown> }> {
  const prefix = filter.trashed ? "TRASH#" : "SESSION#";
  const range = { between: [`${prefix}${filter.from ?? ""}`, `${prefix}${filter.to ?? ""}~`] as [string, string] };
  const conditions = [
    ...(filter.search ? [{ attr: "nameSearch" as const, contains: filter.search.toLowerCase() }] : []),
    ...(filter.language ? [{ attr: "languages" as const, contains: filter.language }] : []),
  ];
  const sessions: Session[] = [];
  let from = startKey;
  do {
    const { Items = [], LastEvaluatedKey } = await table
      .build(QueryCommand)
      .entities(SessionEntity)
      .query({ index: "gsi1", partition: teamKey(teamId), range })
      .options({
        reverse: true,
        limit: conditions.length > 0 ? 200 : LIMITS.session.pageSize + 1,
        exclusiveStartKey: from,
        ...(conditions.length > 0 && { filters: { session: { and: conditions } } }),
      })
      .send();
    for (const stored of Items) {
      if (sessions.length === LIMITS.session.pageSize) return { sessions, lastKey: toPageKey(sessions.at(-1), filter) };
      sessions.push(toSession(stored));
    }
    from = LastEvaluatedKey;
  } while (from);
  return { sessions };
}

function toPageKey(session: Session | undefined, filter: SessionFilter): Record<string, unknown> | undefined {
  if (!session) return undefined;
  const gsi1sk = filter.trashed ? trashKey(session.trashedAt ?? "") : updatedKey(session.updatedAt);
  return { pk: `SESSION#${session.id}`, sk: "SESSION", gsi1pk: teamKey(session.teamId), gsi1sk };
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
