import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "../../clients";
import type { RawItem } from "../../partitions";
import { migrateChange, migrateDecision, migrateFinding, migrateModelReview, migrateReview } from "./findings";
import { table } from "./items";
import { migrateMessage, migrateOutbox, migrateReply, migrateWaiting } from "./replies";

/** By the type of item. An item that was migrated already is left as it is. */
const MIGRATE: Record<string, (item: RawItem) => Promise<void>> = {
  answer: migrateDecision,
  change: migrateChange,
  finding: migrateFinding,
  message: (item) => (item.status === undefined ? migrateMessage(item) : migrateReply(item)),
  modelReview: migrateModelReview,
  review: migrateReview,
  thread: migrateWaiting,
};
const TYPES = Object.fromEntries(Object.keys(MIGRATE).map((type) => [`:${type}`, type]));

/**
 * To version 2: replies are work like any other, and findings, reviews, changes and drafts are stored under the terms of the
 * glossary. Items are read and written as they are stored, so that later changes to the product's code don't change this.
 */
export const toVersion2 = {
  to: 2,
  async step(cursor: string | undefined): Promise<string | undefined> {
    const { Items = [], LastEvaluatedKey } = await dynamo().send(
      new ScanCommand({
        ...table(),
        ConsistentRead: true,
        FilterExpression: `attribute_exists(announceId) OR #type IN (${Object.keys(TYPES).join(", ")})`,
        ExpressionAttributeNames: { "#type": "type" },
        ExpressionAttributeValues: TYPES,
        ExclusiveStartKey: cursor === undefined ? undefined : JSON.parse(cursor),
      }),
    );
    for (const item of Items as RawItem[]) {
      await MIGRATE[String(item.type)]?.(item);
      if (item.announceId !== undefined) await migrateOutbox(item);
    }
    return LastEvaluatedKey && JSON.stringify(LastEvaluatedKey);
  },
};
