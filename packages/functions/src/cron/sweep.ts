import { resumeStalledReviews } from "@redline/core/review/index";
import { sweepUnsettledCalls } from "@redline/core/usage/index";

/** Every minute: what was being worked on when its worker died is asked for again, or marked as what it is. */
export const handler = async (): Promise<{ reviews: number; calls: number }> => ({
  reviews: await resumeStalledReviews(),
  calls: await sweepUnsettledCalls(),
});
