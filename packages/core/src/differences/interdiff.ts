/** The changes between two heads of a difference, without those of their bases. */
import * as v from "valibot";
import { getCodebase } from "../codebases/index";
import { mergeSides, versionOf } from "../codebases/internal";
import type { Codebase, FileComparison, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { getText } from "../platform/blobs";
import { operation } from "../platform/operation";
import { getSession } from "../sessions/index";
import { type Session, sessionId } from "../sessions/schema";
import { diffLines } from "../text/index";
import type { DifferenceHead } from "./schema";
import { baseEntryOf } from "./sides";
import { queryHeadAt } from "./store";

/** A file that changed between two heads; `isOnOwnBase`: what its base changed is in it, as the two conflict. */
export type InterdiffFile = FileComparison & { fromText: string | null; toText: string | null; isOnOwnBase?: true };

type Side = { head: DifferenceHead; tree: TreeEntry[]; base: TreeEntry[] };

/**
 * Returns the files that changed from an earlier version to the head. Where the base moved, the earlier version is carried
 * to the new base first, as a rebase would: the result is the difference of the two differences.
 */
export const changesSince = operation(
  "differences.changesSince",
  "code.read",
  v.object({ sessionId, version: v.pipe(v.number("Enter a version number."), v.integer(), v.minValue(1)) }),
  async (actor, input) => {
    const session = await getSession(actor, { id: input.sessionId });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const [from, to] = await Promise.all([
      sideAt(session, codebase, input.version),
      sideAt(session, codebase, codebase.number),
    ]);
    const paths = [...new Set([...namesOf(from), ...namesOf(to)])].sort();
    const files: InterdiffFile[] = [];
    for (const path of paths) files.push(...(await compareFile(codebase.teamId, path, from, to)));
    const [first, last] = await Promise.all([versionOf(codebase, input.version), versionOf(codebase, codebase.number)]);
    return { from: first.version, to: last.version, files };
  },
);

async function sideAt(session: Session, codebase: Codebase, version: number): Promise<Side> {
  const head = await queryHeadAt(session.teamId, session.id, version);
  if (!head) throw new AppError("VERSION_NOT_FOUND", `Version ${version} is no head of a difference.`);
  const [{ tree }, { tree: base }] = await Promise.all([versionOf(codebase, version), versionOf(codebase, head.base)]);
  return { head, tree, base };
}

const namesOf = ({ head, tree }: Side): string[] => [
  ...head.files.map(({ path }) => path),
  ...tree.map(({ path }) => path),
];

type Texts = { isChanged: boolean; entry?: TreeEntry; base: string | null; now: string | null };

async function textsAt(teamId: string, path: string, { head, tree, base }: Side): Promise<Texts> {
  const file = head.files.find((each) => each.path === path);
  const entry = tree.find((each) => each.path === path);
  const old = file ? baseEntryOf(base, file) : base.find((each) => each.path === path);
  const [before, now] = await Promise.all([
    old ? getText(teamId, old.hash) : null,
    entry ? getText(teamId, entry.hash) : null,
  ]);
  return { isChanged: file !== undefined || entry !== undefined, base: before, now, ...(entry && { entry }) };
}

async function compareFile(teamId: string, path: string, from: Side, to: Side): Promise<InterdiffFile[]> {
  const [earlier, later] = await Promise.all([textsAt(teamId, path, from), textsAt(teamId, path, to)]);
  // A file that one of the two did not change is there as its base has it.
  const was = earlier.isChanged ? rebase(earlier, later) : { text: later.base };
  const is = later.isChanged ? later.now : earlier.base;
  if (was.text === is) return [];
  const hunks = diffLines(was.text ?? "", is ?? "");
  return [
    {
      ...{ path, status: was.text === null ? "added" : is === null ? "removed" : "changed" },
      ...(earlier.entry && { from: earlier.entry }),
      ...(later.entry && { to: later.entry }),
      added: hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart, 0),
      removed: hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0),
      ...{ fromText: was.text, toText: is },
      ...(was.isOnOwnBase && { isOnOwnBase: was.isOnOwnBase }),
    },
  ];
}

/** Carries the earlier text to the base of the later one. */
function rebase(earlier: Texts, later: Texts): { text: string | null; isOnOwnBase?: true } {
  if (!later.isChanged || earlier.base === later.base) return { text: earlier.now };
  const merged = mergeSides(earlier.base, earlier.now, later.base);
  return merged.clean ? { text: merged.text } : { text: earlier.now, isOnOwnBase: true };
}
