import { sweepAnswers } from "@redline/core/replies/index";
import { resumeStalledReviews } from "@redline/core/review/index";

/** Every minute: what was being worked on when its worker died is asked for again, and what nobody began is begun. */
export const handler = async (): Promise<{ reviews: number; answers: { asked: number; interrupted: number } }> => {
  const [reviews, answers] = await Promise.all([resumeStalledReviews(), sweepAnswers()]);
  return { reviews, answers };
};
