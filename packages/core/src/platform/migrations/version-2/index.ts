import type { RawItem } from "../../partitions";
import { ofTypes, scanItems } from "../stored-items";
import { migrateChange, migrateDecision, migrateFinding, migrateModelReview, migrateReview } from "./findings";
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

/**
 * To version 2: replies are work like any other, and findings, reviews and changes are stored under the terms of the
 * glossary. Items are read and written as they are stored, so that later changes to the product's code don't change this.
 */
export const toVersion2 = {
  to: 2,
  async step(cursor: string | undefined): Promise<string | undefined> {
    const { expression, ...rest } = ofTypes(Object.keys(MIGRATE));
    const filter = { ...rest, FilterExpression: `attribute_exists(announceId) OR ${expression}` };
    const { items, next } = await scanItems(filter, cursor);
    for (const item of items) {
      await MIGRATE[String(item.type)]?.(item);
      if (item.announceId !== undefined) await migrateOutbox(item);
    }
    return next;
  },
};
