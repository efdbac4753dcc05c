import { Entity } from "dynamodb-toolbox/entity";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { entityDefaults } from "../../platform/table";
import { WorkItems, workAttributes } from "../../work/index";
import type { WorkItem } from "../../work/schema";
import type { ModelReview, ModelReviewJob, ModelStep } from "../schema";

/** A step as it is stored. */
export type StoredStep = ModelStep & {
  hash: string;
  inputTokens: number;
  outputTokens: number;
  /** The number of times that a worker began to ask about it. */
  attempts: number;
  /** The number of attempts that `usage` includes: the usage of one that died is unknown. */
  settled?: number;
  /** The blob of its result, written before it is carried out. */
  result?: string;
};

export type StoredModelReview = WorkItem &
  Omit<ModelReview, "steps"> & {
    steps: StoredStep[];
    /** Delimiter of the material in each of its calls. */
    boundary?: string;
  };

const ModelReviewEntity = new Entity({
  ...entityDefaults,
  name: "modelReview",
  schema: item({
    sessionId: string().key(),
    id: string().key(),
    version: number(),
    scope: any(),
    model: string(),
    steps: any(),
    budgetTokens: number(),
    boundary: string().optional(),
    requestedAt: string(),
    ...workAttributes,
    v: number().default(1),
  }),
  computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
    pk: `SESSION#${sessionId}`,
    sk: `REVIEW#MODEL#${id}`,
  }),
});

const jobOf = ({ sessionId, id, userId }: StoredModelReview): ModelReviewJob => ({
  ...{ kind: "model-review", sessionId, reviewId: id, userId },
});

export const modelReviewItems = new WorkItems<StoredModelReview>(ModelReviewEntity, jobOf);
