/** Findings, reviews, changes and drafts under the terms of the glossary. */
import type { RawItem } from "../../partitions";
import { deleteItem, putNewItem } from "./items";

/** A decision on a finding was called an answer. */
export async function migrateDecision({ answer, answeredAt, ...rest }: RawItem): Promise<void> {
  const sk = `DECISION#${rest.identity}`;
  await putNewItem({ ...rest, sk, type: "decision", decision: answer, decidedAt: answeredAt });
  await deleteItem(rest);
}
