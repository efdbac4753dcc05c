import { sweepAnswers } from "@redline/core/replies/index";
import { resumeStalledReviews } from "@redline/core/review/index";
import { sweepUnsettledCalls } from "@redline/core/usage/index";

type Swept = { reviews: number; answers: { asked: number; interrupted: number }; calls: number };

/**
 * Every minute: what was being worked on when its worker died is asked for again, what nobody began is begun, and calls
 * that nobody settled are marked as not known.
 */
export const handler = async (): Promise<Swept> => {
  const [reviews, answers, calls] = await Promise.all([resumeStalledReviews(), sweepAnswers(), sweepUnsettledCalls()]);
  return { reviews, answers, calls };
};
