import { Entity } from "dynamodb-toolbox/entity";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { packed } from "../platform/compressed-json";
import { entityDefaults, table } from "../platform/table";
import type { BaseProblem } from "./base-match";

/** The review of one file of a difference's base, by its path on the head; `problems` null where it failed. */
export type StoredBaseReview = {
  sessionId: string;
  key: string;
  path: string;
  hash: string;
  language: string;
  problems: BaseProblem[] | null;
};

const BaseReviewEntity = new Entity({
  ...entityDefaults,
  name: "base-review",
  schema: item({
    sessionId: string().key(),
    /** Of the path: it may be longer than a sort key should be. */
    key: string().key(),
    path: string(),
    hash: string(),
    language: string(),
    problems: any().transform(packed),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, key }: { sessionId: string; key: string }) => ({
    pk: `SESSION#${sessionId}`,
    sk: `BASE#${key}`,
  }),
});

export async function writeBaseReview(review: StoredBaseReview): Promise<void> {
  await BaseReviewEntity.build(PutItemCommand).item(review).send();
}

export async function queryBaseReviews(sessionId: string): Promise<StoredBaseReview[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(BaseReviewEntity)
    .query({ partition: `SESSION#${sessionId}`, range: { beginsWith: "BASE#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.map(({ v: _v, ...review }) => review as StoredBaseReview);
}
