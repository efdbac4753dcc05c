/** The only way data changes: items, index rows, expiry rows and stream records in one batch. */
import type { StoreOperation } from "../store";
import type { Context } from "./context";
import { expiryChange, rowChanges } from "./indexes";
import { itemKey } from "./keys";
import { sameItem } from "./model";
import type { ItemChange } from "./streams";

/**
 * Commits the changes as one batch, together with `further` operations. The caller holds the items' locks.
 * @throws when the store cannot write; then nothing of it happened
 */
export async function commit(context: Context, changes: ItemChange[], further: StoreOperation[] = []): Promise<void> {
  const operations: StoreOperation[] = [...further];
  for (const { table: planned, before, after } of changes) {
    if (sameItem(before, after)) continue;
    // An index may have been added since the write was planned.
    const table = context.tables.get(planned.description.TableName);
    const rows = rowChanges(table.description, before, after);
    context.history.record(rows);
    for (const row of rows)
      operations.push(row.after ? { type: "put", key: row.key, value: row.after } : { type: "del", key: row.key });
    const item = after ?? before;
    const expiry = expiryChange(table, before, after);
    if (expiry.before !== expiry.after) {
      if (expiry.before) operations.push({ type: "del", key: expiry.before });
      if (expiry.after && item)
        operations.push({ type: "put", key: expiry.after, value: itemKey(item, table.description) });
    }
  }
  operations.push(...context.streams.operations(changes));
  const lastOfThisBatch = context.streams.lastAssigned;
  await context.store.batch(operations);
  context.streams.committed(lastOfThisBatch);
}
