/** What is done about one file of which the session may have another text than the disk. Nothing is read or written here. */
import { merge } from "@redline/core/text/index";
import type { Text } from "./ports";

export type FileTexts = {
  /** What both had last; undefined where the session did not know the file. */
  known: Text | undefined;
  session: Text | undefined;
  /** Undefined where something is there that is no text. */
  disk: Text | undefined;
};

export type Decision =
  /** The session has nothing that the disk does not have. */
  { kind: "none" } | { kind: "write"; text: Text; isMerged: boolean } | { kind: "conflict"; reason: string };

/** Both sides' changes are merged; what can't be stays on both sides as it is. */
export function decide({ known, session, disk }: FileTexts): Decision {
  if (session === undefined || session === known || session === disk) return { kind: "none" };
  const before = known ?? null;
  if (disk === before) return { kind: "write", text: session, isMerged: false };
  if (disk === undefined) return conflict("it is no text file any more");
  if (before === null) return conflict("there is another file of this name");
  if (disk === null) return conflict("it was deleted");
  if (session === null) return conflict("it was edited, and the session deletes it");
  const merged = merge(before, disk, session);
  if (!merged.clean) return conflict("the same lines were edited");
  return { kind: "write", text: merged.text, isMerged: true };
}

const conflict = (reason: string): Decision => ({ kind: "conflict", reason });
