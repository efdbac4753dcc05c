import { derivedId } from "../platform/ids";

/** A finding has one proposed fix for each content of its file, whoever works it out, however often. */
export const findingChangeId = (sessionId: string, identity: string, fileHash: string): string =>
  derivedId("chg", sessionId, identity, fileHash);

/** The part of a change that was accepted by hunks, so that accepting the same hunks twice names one change. */
export const acceptedHunksId = (changeId: string, hunks: readonly number[]): string =>
  derivedId("chg", changeId, "hunks", [...hunks].sort((a, b) => a - b).join(","));
