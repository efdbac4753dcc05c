import { ofTypes, scanItems } from "../stored-items";
import { migrateDraft } from "./drafts";
import { indexSession } from "./sessions";

/** To version 3: sessions are in the index of names, and drafts name their tab by a draft id. */
export const toVersion3 = {
  to: 3,
  async step(cursor: string | undefined): Promise<string | undefined> {
    const { expression, ...rest } = ofTypes(["draft", "session"]);
    const { items, next } = await scanItems({ ...rest, FilterExpression: expression }, cursor);
    for (const item of items) await (item.type === "draft" ? migrateDraft(item) : indexSession(item));
    return next;
  },
};
