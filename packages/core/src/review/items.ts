import { Entity } from "dynamodb-toolbox/entity";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { packed } from "../platform/compressed-json";
import { entityDefaults, prefixed } from "../platform/table";
import { WorkItems, workAttributes } from "../work/index";
import type { WorkItem } from "../work/schema";
import type { Review, ReviewJob } from "./schema";

const ReviewEntity = new Entity({
  ...entityDefaults,
  name: "review",
  schema: item({
    sessionId: string().key().savedAs("pk").transform(prefixed("SESSION")),
    id: string().key().savedAs("sk").transform(prefixed("REVIEW")),
    version: number(),
    result: any().transform(packed).optional(),
    startedAt: string(),
    /** Every file is to be looked at, also those that have not changed. */
    again: boolean().optional(),
    ...workAttributes,
    v: number().default(1),
  }),
});

export type ReviewResult = Pick<
  Review,
  "coverage" | "duplicates" | "counts" | "new" | "back" | "open" | "decided" | "resolved" | "difference"
>;

/** A stored review of a version. */
export type ReviewItem = WorkItem & {
  sessionId: string;
  id: string;
  version: number;
  startedAt: string;
  again?: true;
  result?: ReviewResult;
};

export const reviewJobOf = ({ sessionId, version, userId, again }: Omit<ReviewItem, "status">): ReviewJob => ({
  ...{ kind: "review", sessionId, version, userId },
  ...(again && { again }),
});

export const reviewItems = new WorkItems<ReviewItem>(ReviewEntity, reviewJobOf);

const NOTHING: ReviewResult = {
  coverage: [],
  duplicates: [],
  counts: { critical: 0, major: 0, minor: 0, nit: 0 },
  new: 0,
  back: 0,
  open: 0,
  decided: 0,
  resolved: 0,
};

export async function readReview(sessionId: string, id: string): Promise<Review | undefined> {
  const stored = await reviewItems.read({ sessionId, id });
  if (!stored) return undefined;
  const { version, status, startedAt, finishedAt, failure, result } = stored;
  return {
    id,
    sessionId,
    version,
    status: status as Review["status"],
    startedAt,
    finishedAt,
    failure,
    ...NOTHING,
    ...result,
  };
}
