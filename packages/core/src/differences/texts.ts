import { readText } from "../codebases/internal";
import type { Codebase } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { carryParts, type KnownPart } from "../text/index";
import type { FileOnBothSides } from "./read";

/** Both sides' texts; null where there is no such file. `parts` are the lines that are known, on the head as it is now. */
export type BothTexts = { before: string | null; after: string | null; parts?: KnownPart[] };

export async function textsOf(codebase: Codebase, { file, before, after }: FileOnBothSides): Promise<BothTexts> {
  const [old, now] = await Promise.all([
    before ? readText(codebase, before) : null,
    after ? readText(codebase, after) : null,
  ]);
  if (!file.parts) return { before: old, after: now };
  const isAsGiven = !file.headHash || !after || after.hash === file.headHash;
  if (isAsGiven) return { before: old, after: now, parts: file.parts };
  const given = await getText(codebase.teamId, file.headHash ?? "");
  return { before: old, after: now, parts: carryParts(file.parts, given, now ?? "") };
}
