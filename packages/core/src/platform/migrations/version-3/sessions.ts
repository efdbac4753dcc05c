/** Sessions become findable by the words of their names. */
import { searchTerms } from "../../../text/index";
import type { RawItem } from "../../partitions";
import { putNewItem } from "../stored-items";

export async function indexSession({ id, teamId, name }: RawItem): Promise<void> {
  for (const term of searchTerms(String(name))) {
    const key = { pk: `TERMS#${teamId}`, sk: `${term}#${id}` };
    await putNewItem({ ...key, type: "session-term", teamId, term, sessionId: id, v: 1 });
  }
}
