import type * as v from "valibot";
import type { Actor } from "../auth/schema";
import { changeHunks, proposeChange } from "../changes/internal";
import type { Hunk } from "../changes/schema";
import { cleanPath, mergeSides, readText, repeatedPath, repeatedSentence } from "../codebases/internal";
import type { Codebase, FileEdit } from "../codebases/schema";
import { AppError } from "../errors";
import { derivedId } from "../platform/ids";
import type { Session } from "../sessions/schema";
import { diffEdits } from "../text/index";
import { createThreadAnchor, open, post, requireThread } from "../threads/internal";
import type { Proposed, proposeSchema } from "./schema";

type Input = v.InferOutput<typeof proposeSchema>;

/** Proposes what an agent sent, against the head of the session. */
export async function propose(actor: Actor, session: Session, codebase: Codebase, input: Input): Promise<Proposed> {
  const { threadId, messageId, agent, summary } = input;
  if (input.continues) await requireThread(session, threadId);
  const edits = await editsOnHead(codebase, input.files);
  const result = await proposeChange({
    id: derivedId("chg", session.id, threadId, messageId),
    ...{ codebase, tree: codebase.tree, base: codebase.number, edits, summary },
    author: { kind: "agent", id: actor.userId, name: agent },
    origin: { kind: "agent", sessionId: session.id, threadId, messageId },
  });
  if (!result.ok) throw refuse(result.reason);
  const { change } = result;
  const hunks = await changeHunks(codebase.teamId, change);
  const proposal = { kind: "change" as const, changeId: change.id, summary, paths: edits.map(({ path }) => path) };
  const message = {
    ...{ id: messageId, agent, text: input.text.trim() || summary, proposals: [proposal] },
    ...{ messageKind: "ask" as const, wantsReply: false, follows: false },
  };
  if (input.continues) await post(actor, session, codebase, threadId, message);
  else await open(actor, session, codebase, { id: threadId, ...(await placeOf(codebase, hunks)) }, message);
  const { evidence, base: version } = change;
  return {
    ...{ sessionId: session.id, threadId, changeId: change.id, version, hunks: hunks.length },
    ...(evidence && { evidence }),
  };
}

const refuse = (reason: string) => new AppError("CHANGE_REFUSED", `${reason} Nothing was proposed.`);

/** The edits that the agent made of its own copy of each file, on the head's. Throws CHANGE_REFUSED where they conflict. */
async function editsOnHead(codebase: Codebase, files: Input["files"]): Promise<FileEdit[]> {
  const named = files.map((file) => ({ ...file, path: cleanPath(file.path) }));
  const repeated = repeatedPath(named);
  if (repeated !== null) throw new AppError("INVALID_INPUT", repeatedSentence(repeated), { field: "files" });
  const edits: FileEdit[] = [];
  for (const { path, before, after } of named) {
    const entry = codebase.tree.find((each) => each.path === path);
    if (!entry && before !== null) throw new AppError("FILE_NOT_FOUND", `This session has no file "${path}".`);
    // A file that is not there yet stands in the session as an empty one, so that its text is shown as a redline.
    const base = before ?? (entry ? "" : null);
    const theirs = entry ? await readText(codebase, entry) : null;
    const merged = mergeSides(base, after, theirs);
    if (!merged.clean) throw refuse(`${path} has other code in this session at the lines that the change is about.`);
    if (merged.text === theirs) continue;
    const baseHash = entry?.hash ?? null;
    if (merged.text === null) edits.push({ path, baseHash, edits: [], delete: true });
    else edits.push({ path, baseHash, edits: diffEdits(theirs ?? "", merged.text) });
  }
  if (edits.length === 0) throw refuse("It changes nothing: the session's code has all of it.");
  return edits;
}

/** The lines of the first hunk whose file is there; else the first file as a whole. */
async function placeOf(codebase: Codebase, hunks: readonly Hunk[]) {
  const isThere = (path: string) => codebase.tree.some((entry) => entry.path === path);
  const first = hunks.find(({ path }) => isThere(path));
  const path = first?.path ?? codebase.tree[0]?.path ?? "";
  const lines = first && first.edits.length > 0 ? first : undefined;
  const place = await createThreadAnchor(codebase, codebase.number, path, lines && inFile(lines, codebase));
  return { path, version: codebase.number, ...place };
}

/** An insertion at the end of a file is beyond its last line. */
function inFile({ path, startLine, endLine }: Hunk, { tree }: Codebase) {
  const lines = Math.max(1, tree.find((entry) => entry.path === path)?.lines ?? 1);
  const last = Math.min(Math.max(startLine, endLine), lines);
  return { startLine: Math.min(startLine, last), endLine: last };
}
