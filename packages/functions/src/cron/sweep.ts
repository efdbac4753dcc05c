import { resumeStalledReviews } from "@redline/core/review/index";

/** Every minute: what was being worked on when its worker died is asked for again. */
export const handler = async (): Promise<{ reviews: number }> => ({ reviews: await resumeStalledReviews() });
