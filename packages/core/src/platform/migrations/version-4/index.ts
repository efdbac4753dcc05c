import type { RawItem } from "../../partitions";
import { deleteItem, ofTypes, putNewItem, scanItems } from "../stored-items";
import { indexSession } from "../version-3/sessions";

/**
 * To version 4: resolved threads are under a key of their own, so that a session's page reads the open ones alone; and
 * sessions are found by all words of their names, of which version 3 indexed 45.
 */
export const toVersion4 = {
  to: 4,
  async step(cursor: string | undefined): Promise<string | undefined> {
    const { expression, ...rest } = ofTypes(["session", "thread"]);
    const { items, next } = await scanItems({ ...rest, FilterExpression: expression }, cursor);
    for (const item of items) {
      if (item.type === "session") await indexSession(item);
      else if (item.status === "resolved") await moveResolved(item);
    }
    return next;
  },
};

/** Moves a thread, which nobody writes under its former key. */
async function moveResolved(thread: RawItem): Promise<void> {
  if (!thread.sk.startsWith("THREAD#")) return;
  await putNewItem({ ...thread, sk: `RESOLVED#${thread.id}` });
  await deleteItem(thread);
}
