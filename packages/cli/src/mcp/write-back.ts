/** Writes what a person accepted to the work tree, merged with what was edited there meanwhile. */
import { merge, PatchRefused } from "@redline/core/text/index";
import type { AppliedPart } from "./api";
import type { Workspace } from "./workspace";

export type WriteBack = { written: string[]; notWritten: { path: string; reason: string }[] };

type Step = { path: string; before: string | null; after: string | null };

/** Nothing that was edited since is overwritten: a file whose own edits conflict stays as it is, and is named. */
export function writeBack(workspace: Workspace, parts: readonly AppliedPart[]): WriteBack {
  const result: WriteBack = { written: [], notWritten: [] };
  for (const step of parts.flatMap(({ files }) => files)) {
    const reason = writeStep(workspace, step);
    if (reason === "same") continue;
    if (reason === undefined) result.written.push(step.path);
    else result.notWritten.push({ path: step.path, reason });
  }
  return { ...result, written: [...new Set(result.written)] };
}

/** Returns why it was not written; "same" where the file has it already. */
function writeStep(workspace: Workspace, { path, before, after }: Step): string | undefined {
  if (!workspace.isAllowed(path)) return "it is outside of the folders that the client opened";
  const files = workspace.files();
  try {
    const now = files.read(path);
    // A new file stands in the session as an empty one.
    if (now === after || (now === null && after === "")) return "same";
    const text = merged({ before, after, now });
    if (text === undefined) return "its lines were edited in the work tree meanwhile";
    if (text === now) return "same";
    const bytes = files.bytes.get(path) ?? null;
    if (text === null) return removed(workspace, path, bytes);
    const isWritten = workspace.git.files.replace(path, bytes, Buffer.from(text));
    return isWritten ? undefined : "it was changed while it was being written";
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    return error.message;
  }
}

function removed({ git }: Workspace, path: string, bytes: Buffer | null): string | undefined {
  if (!git.files.isUnchanged(path, bytes)) return "it was changed while it was being deleted";
  git.files.remove(path);
  return undefined;
}

/** Returns the text to write, null to delete the file, undefined where both sides changed the same lines. */
function merged({ before, after, now }: Omit<Step, "path"> & { now: string | null }): string | null | undefined {
  if (now === before || (now === null && before === "")) return after;
  if (now === null || after === null || before === null) return undefined;
  const result = merge(before, now, after, { ours: "the work tree", theirs: "the session" });
  return result.clean ? result.text : undefined;
}
