import { LRUCache } from "lru-cache";
import { querySessions } from "./listing";

type RecentPage = ReturnType<typeof querySessions>;

/** The list's index is eventually consistent anyway; caching it for a second saves most reads of home pages. */
const pages = new LRUCache<string, RecentPage>({ max: 500, ttl: 1_000 });

/** Returns the first page of a team's sessions, at most a second old. Concurrent callers share one query. */
export function recentSessions(teamId: string): RecentPage {
  const known = pages.get(teamId);
  if (known) return known;
  const page = querySessions(teamId, { trashed: false });
  pages.set(teamId, page);
  page.catch(() => pages.delete(teamId));
  return page;
}

/** Drops a team's cached page after this process has changed the list, so that its author sees the change. */
export function invalidateRecentSessions(teamId: string): void {
  pages.delete(teamId);
}
