import { applyDiff } from "./diff-text/apply";
import { type DiffText, readDiffText } from "./diff-text/read";
import { resolveStep } from "./diff-text/resolve";
import type { TextEdit } from "./edits";
import { PatchRefused } from "./patch-refused";

/** Returns the edits of a unified diff of one file, whatever its name. Throws PatchRefused. */
export function normaliseUnified(base: string, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (typeof patch !== "string") throw new PatchRefused("The diff must be a text.");
  const diff = readDiffText(patch);
  refuseSeveralFiles(diff);
  const tree = { read: () => base, exists: () => true };
  const change = applyDiff(diff, tree, () => ({ kind: "edit", path: "" })).get("");
  if (!change || change.edits.length === 0) throw new PatchRefused("The diff changes nothing.");
  return { edits: change.edits, exact: change.exact };
}

function refuseSeveralFiles({ files }: DiffText): void {
  const sources = new Map<string, string>();
  const paths = new Set<string>();
  for (const file of files) {
    const path = targetPath({ files }, file);
    if (path === undefined) continue;
    if (typeof path === "object") sources.set(path.path, path.source);
    else paths.add(path);
  }
  const roots = new Set([...paths, ...sources.values()].map((path) => sources.get(path) ?? path));
  if (roots.size > 1) throw new PatchRefused("The diff changes more than one file.");
}

/** The path, or for a file that moves also where from; undefined where two names are given, as for two copies of one file. */
function targetPath({ files }: Pick<DiffText, "files">, file: DiffText["files"][number]) {
  try {
    const step = resolveStep(file, { exists: () => false, hasFolder: () => false, files });
    return step && ("source" in step ? step : step.path);
  } catch (error) {
    if (error instanceof PatchRefused) return undefined;
    throw error;
  }
}
