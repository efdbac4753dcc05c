import { derivedId } from "../platform/ids";

/** A version's review, and the log it is followed by: known before any worker has begun it. */
export const reviewId = (sessionId: string, version: number): string => derivedId("rev", sessionId, String(version));
