/** The monthly workload of a thousand active users: the figures of quality.md and our additions. */
import type { Act } from "./player";

export const USERS = 1_000;

/** Activities per user and month. Sessions, saves and replies are from quality.md; its two agent runs do not exist yet. */
export const TIMES: Record<Act, number> = {
  "create a session of 5 files, reviewed": 40,
  "save a file, reviewed again": 60,
  "ask, and read a reply of 8 s": 40,
  // Assumed in addition: each session is opened from the list, revisited once, and has one fix accepted.
  "look at the sessions": 40,
  "come back to a session": 40,
  "accept a fix, reviewed again": 40,
  "load the scripts, once a release": 4,
};

export const MONTH = {
  hours: 730,
  /** Working hours, for costs that depend on how close together calls are. */
  busySeconds: 22 * 8 * 3_600,
  sweeps: 730 * 60,
  nights: 365 / 12,
} as const;

/** Accumulated months of data: on average over the first year, and at its end. */
export const MONTHS_STORED = { onAverage: 6.5, atTheEnd: 12 } as const;
