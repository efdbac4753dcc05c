import { derivedId } from "../platform/ids";

/** Returns the id of a version's review, known before any worker has started it. */
export const reviewId = (sessionId: string, version: number): string => derivedId("rev", sessionId, String(version));

/** Returns the id of a review's event log. It contains the session's id, through which access is checked. */
export const reviewLogId = (sessionId: string, version: number): string => `${sessionId}.${version}`;
