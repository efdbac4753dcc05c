import { sendAnnouncement } from "../platform/announce";
import { nowSeconds } from "../platform/clock";
import type { DeadProcesses } from "../platform/instance";
import { handOver, jobOf, queryModelReviewsHeldBy, queryRunningModelReviews } from "./model/store";
import { leaveModelReviews } from "./model/watch";
import { handBackReviews } from "./run";
import { queryReviewsHeldBy, queryRunningReviews, releaseReview } from "./store";

/** A review that a worker has taken; one whose lease has ended lost its worker. `leaseUntil` is in seconds. */
export type RunningReview = {
  kind: "review" | "model-review";
  sessionId: string;
  id: string;
  since: string;
  leaseUntil: number;
};

const EVER = 10 ** 10 - 1;

/** What is being reviewed now, of every session: for whoever operates this. At most 100 of each kind. */
export async function listRunningReviews(): Promise<RunningReview[]> {
  const [builtin, byModel] = await Promise.all([queryRunningReviews(EVER), queryRunningModelReviews(EVER)]);
  return [
    ...builtin.map(({ sessionId, id, startedAt, leaseUntil = 0 }) => ({
      ...{ kind: "review" as const, sessionId, id, since: startedAt, leaseUntil },
    })),
    ...byModel.map(({ sessionId, id, requestedAt, leaseUntil = 0 }) => ({
      ...{ kind: "model-review" as const, sessionId, id, since: requestedAt, leaseUntil },
    })),
  ];
}

/** Asks again for reviews whose worker died. Claiming decides, so asking twice does no harm. */
export async function resumeStalledReviews(): Promise<number> {
  const stalled = await queryRunningReviews(nowSeconds());
  for (const { sessionId, version, userId } of stalled) {
    await sendAnnouncement({ kind: "review", sessionId, version, userId });
  }
  const byModel = await queryRunningModelReviews(nowSeconds());
  for (const review of byModel) await sendAnnouncement(jobOf(review));
  return stalled.length + byModel.length;
}

/** Has reviews that dead processes held go on at once, in another; returns how many. */
export async function releaseReviews(dead: DeadProcesses): Promise<number> {
  const [builtin, byModel] = await Promise.all([queryReviewsHeldBy(dead), queryModelReviewsHeldBy(dead)]);
  const released = await Promise.all([
    // That all processes ended is no fault of what they reviewed; that one of them did may be.
    ...builtin.map((review) => releaseReview(review, { counts: dead !== "all" })),
    ...byModel.map(handOver),
  ]);
  return released.filter(Boolean).length;
}

/** Gives up every review that this process is at, so that another goes on with it at once: the process is ending. */
export async function leaveReviews(): Promise<void> {
  leaveModelReviews();
  await handBackReviews();
}
