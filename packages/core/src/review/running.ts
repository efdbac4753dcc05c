import { sendAnnouncement } from "../platform/announce";
import { nowSeconds } from "../platform/clock";
import { jobOf, queryRunningModelReviews } from "./model/store";
import { queryRunningReviews } from "./store";

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
