/** Work that comes by the clock: expired items go, so do old transaction tokens and stream records. */
import { commit } from "./commit";
import type { Context } from "./context";
import { expiryChange } from "./indexes";
import { EXPIRY_ROWS, HIGHEST, TOKEN_ROWS } from "./keys";
import type { Item } from "./model";
import { type StoredToken, TOKEN_LIFE_MS } from "./writes";

const FIVE_YEARS_S = 5 * 365 * 86_400;
const SWEEP_BATCH_ITEMS = 100;

/** Deletes what expired in the last five years (AWS leaves older ones alone). @returns how many items went */
export async function removeExpired(context: Context, nowMs = Date.now()): Promise<number> {
  const now = Math.floor(nowMs / 1000);
  const rows: [row: string, itemKey: string][] = [];
  const from = EXPIRY_ROWS + String(Math.max(0, now - FIVE_YEARS_S)).padStart(12, "0");
  const until = EXPIRY_ROWS + String(now).padStart(12, "0");
  for await (const row of context.store.iterate<string>({ gte: from, lt: until, limit: SWEEP_BATCH_ITEMS }))
    rows.push(row);
  let removed = 0;
  for (const [row, key] of rows) if (await removeIfExpired(context, row, key)) removed++;
  return removed;
}

/** The item may have been given more time since the row was read, so it is looked at again under its lock. */
function removeIfExpired(context: Context, row: string, key: string): Promise<boolean> {
  return context.locks.hold([key], async () => {
    const tableName = row.split("~")[3];
    const table = context.tables.all().find(({ description }) => description.TableName === tableName);
    const before = table && (await context.store.get<Item>(key));
    if (!table || !before || expiryChange(table, before, undefined).before !== row) {
      await context.store.del(row);
      return false;
    }
    await commit(context, [{ table, before, expired: true }]);
    return true;
  });
}

/** @returns how many tokens went */
export async function removeOldTokens(context: Context, nowMs = Date.now()): Promise<number> {
  const old: { type: "del"; key: string }[] = [];
  for await (const [key, token] of context.store.iterate<StoredToken>({ gt: TOKEN_ROWS, lt: TOKEN_ROWS + HIGHEST }))
    if (token.atMs < nowMs - TOKEN_LIFE_MS) old.push({ type: "del", key });
  await context.store.batch(old);
  return old.length;
}
