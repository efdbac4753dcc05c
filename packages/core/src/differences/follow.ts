/** What a work tree has to be given: the files that a difference's session changed. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import { queryKinds, readText, versionOf, versionWithin } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { operation } from "../platform/operation";
import { getSession } from "../sessions/index";
import { sessionId } from "../sessions/schema";
import { differenceOf } from "./read";
import { baseEntryOf } from "./sides";

const { longestWaitMs, lookMs } = LIMITS.difference;

const afterSchema = v.object({
  sessionId,
  /** 0 stands before all of them. */
  version: v.pipe(v.number("Enter a version number."), v.integer(), v.minValue(0)),
  waitMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(longestWaitMs)), 0),
  signal: v.optional(v.instance(AbortSignal)),
});

/** Loads a session with its code, once that has a later version, it is in the trash, or the time is over. */
async function loadAfter(actor: Actor, input: v.InferOutput<typeof afterSchema>) {
  const deadline = Date.now() + input.waitMs;
  for (;;) {
    const session = await getSession(actor, { id: input.sessionId });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const leftMs = deadline - Date.now();
    const isOver = leftMs <= 0 || session.trashedAt !== undefined || input.signal?.aborted === true;
    if (codebase.number > input.version || isOver) return { session, codebase };
    await versionWithin(codebase.id, Math.min(leftMs, lookMs), input.signal);
  }
}

/** Returns a session's version, waiting for a later one than is given where there is none. */
export const versionAfter = operation("differences.versionAfter", "code.read", afterSchema, async (actor, input) => {
  const { session, codebase } = await loadAfter(actor, input);
  return { version: codebase.number, isTrashed: session.trashedAt !== undefined };
});

/**
 * Returns the files whose texts the head has otherwise than a version (null where there is no such file), waiting for a later
 * version where there is none. `head` and `base` are the versions of the head that was given last, and of its base.
 */
export const filesAfter = operation("differences.filesAfter", "code.read", afterSchema, async (actor, input) => {
  const { session, codebase } = await loadAfter(actor, input);
  const difference = await differenceOf(session, codebase);
  if (!difference) throw new AppError("CHANGE_REFUSED", "This session reviews no difference.");
  const since = Math.min(input.version, codebase.number);
  const tree = since === 0 ? [] : (await versionOf(codebase, since)).tree;
  const kinds = await queryKinds(codebase.id, input.version + 1, codebase.number);
  const baseEntry = (path: string) => {
    const file = difference.given.files.find((each) => each.path === path);
    return file && baseEntryOf(difference.baseTree, file);
  };
  const files = changedEntries(tree, codebase.tree).map(async ({ path, entry }) => {
    // A restored head may be of other files: what it does not have was not changed then, and not deleted.
    const now = entry ?? (kinds.includes("restore") ? baseEntry(path) : undefined);
    return { path, text: now ? await readText(codebase, now) : null };
  });
  const { head, base } = difference;
  return {
    ...{ version: codebase.number, head, base, isTrashed: session.trashedAt !== undefined },
    files: await Promise.all(files),
  };
});

type Changed = { path: string; entry?: Codebase["tree"][number] };

function changedEntries(before: readonly TreeEntry[], after: readonly TreeEntry[]): Changed[] {
  const was = new Map(before.map(({ path, hash }) => [path, hash]));
  const is = new Set(after.map(({ path }) => path));
  return [
    ...after.filter(({ path, hash }) => was.get(path) !== hash).map((entry) => ({ path: entry.path, entry })),
    ...before.filter(({ path }) => !is.has(path)).map(({ path }) => ({ path })),
  ];
}
