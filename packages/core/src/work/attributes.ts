import { Entity } from "dynamodb-toolbox/entity";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { packed } from "../platform/compressed-json";
import { entityDefaults } from "../platform/table";
import { WORK_STATUSES } from "./schema";

/** Attributes that an entity declares so that its items can be worked on; see `WorkItem`. */
export const workAttributes = {
  status: string().enum(...WORK_STATUSES),
  userId: string(),
  epoch: number().optional(),
  claimId: string().optional(),
  attempts: number().optional(),
  leaseUntil: number().optional(),
  holder: string().optional(),
  isCancelRequested: boolean().optional(),
  memo: any().transform(packed).optional(),
  finishedAt: string().optional(),
  failure: string().optional(),
  outboxId: string().optional(),
  outboxJob: any().optional(),
  gsi2pk: string().optional(),
  gsi2sk: string().optional(),
};

/** Items of work that no other domain's item stands for, in the partition of their session. */
export const plainEntity = (kind: string) =>
  new Entity({
    ...entityDefaults,
    name: `work:${kind}`,
    schema: item({
      sessionId: string().key(),
      id: string().key(),
      requestedAt: string(),
      input: any(),
      ...workAttributes,
      v: number().default(1),
    }),
    computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
      pk: `SESSION#${sessionId}`,
      sk: `WORK#${kind}#${id}`,
    }),
  });
