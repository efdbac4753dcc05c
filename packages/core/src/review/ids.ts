import { derivedId } from "../platform/ids";

/** A version's review: known before any worker has begun it. */
export const reviewId = (sessionId: string, version: number): string => derivedId("rev", sessionId, String(version));

/** The log that a version's review is followed by; it names its session, through which access is checked. */
export const reviewLogId = (sessionId: string, version: number): string => `${sessionId}.${version}`;
