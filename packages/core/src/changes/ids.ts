import { derivedId } from "../platform/ids";

/** Returns the id of a finding's fix: one for each content of its file, so that proposing it again is idempotent. */
export const findingChangeId = (sessionId: string, identity: string, fileHash: string): string =>
  derivedId("chg", sessionId, identity, fileHash);

/** The part of a change that was accepted by hunks, so that accepting the same hunks twice names one change. */
export const acceptedHunksId = (changeId: string, hunks: readonly number[]): string =>
  derivedId("chg", changeId, "hunks", [...hunks].sort((a, b) => a - b).join(","));
