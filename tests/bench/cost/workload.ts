/** What a thousand active users do in a month. The figures of quality.md, and what we add to them. */
import type { Act } from "./player";

export const USERS = 1_000;

/** Of one user in a month. Sessions, saves and answers are quality.md's; its two runs are left out: there are none yet. */
export const TIMES: Record<Act, number> = {
  "create a session of 5 files, reviewed": 40,
  "save a file, reviewed again": 60,
  "ask, and read an answer of 8 s": 40,
  // Nobody only does those: each session is found in the list, come back to once, and one fix of it is accepted.
  "look at the sessions": 40,
  "come back to a session": 40,
  "accept a fix, reviewed again": 40,
  "load the scripts, once a release": 4,
};

export const MONTH = {
  hours: 730,
  /** When people work, for what depends on how close together calls come. */
  busySeconds: 22 * 8 * 3_600,
  sweeps: 730 * 60,
  nights: 365 / 12,
} as const;

/** A month of the first year: on average this much is stored of what one month adds. */
export const MONTHS_STORED = { onAverage: 6.5, atTheEnd: 12 } as const;
