/** What the session and the disk last had alike, by file: what both sides' changes are told by. */
import { createHash } from "node:crypto";
import type { SentFile, Text } from "./ports";

/** As it is kept between two runs. Each text is the session's of a version, so its number is enough. */
export type StoredKnowledge = {
  version: number;
  base: string;
  /** Versions by path, where it is not `version`. */
  behind: Record<string, number>;
  /** What each file of the last head was given as, but for its text. */
  sent: Record<string, string>;
};

export type Known = { text: Text; version: number };

export const sentAs = ({ path: _, after, ...file }: SentFile, isFollowed: boolean): string =>
  createHash("sha256")
    // What is edited on disk is told by its text; of a commit's file the text is all there is to tell.
    .update(JSON.stringify([file, isFollowed ? null : after]))
    .digest("hex");

/** What a merge gave the disk is not what the session has, and both are known apart from then on. */
export const textOf = (known: ReadonlyMap<string, Known>, path: string): Text | undefined => known.get(path)?.text;
