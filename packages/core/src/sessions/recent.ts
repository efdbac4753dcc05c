import { LRUCache } from "lru-cache";
import { querySessions } from "./store";

type RecentPage = ReturnType<typeof querySessions>;

/** The index behind a list is late anyway; a second more saves most reads of start pages. */
const pages = new LRUCache<string, RecentPage>({ max: 500, ttl: 1_000 });

/** The first page of a team's sessions, as it was within the last second. Shared by everyone who asks meanwhile. */
export function recentSessions(teamId: string): RecentPage {
  const known = pages.get(teamId);
  if (known) return known;
  const page = querySessions(teamId, { trashed: false });
  pages.set(teamId, page);
  page.catch(() => pages.delete(teamId));
  return page;
}

/** To be called when this process changed the team's list, so that whoever changed it sees that they did. */
export function forgetRecent(teamId: string): void {
  pages.delete(teamId);
}
