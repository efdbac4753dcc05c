import { treesBetween } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { errorFields, log } from "../platform/log";
import { type Anchor, carryAnchors } from "../text/index";
import { atKeptPlace, keepPlaces, type Places, readPlaces } from "./kept-places";
import type { Thread } from "./schema";
import { type StoredThread, toThread } from "./store";

/** A file as some threads know it: they go from version to version together, so that texts are compared once. */
type Group = { path: string; hash: string; isGone: boolean; threads: StoredThread[] };

/**
 * Characters compared for one page; past them a file's versions between are passed over, straight to the head: comparing
 * two texts of 5 MB takes 0.7 s.
 */
const MAX_COMPARED_CHARS = 6_000_000;

/**
 * Returns a session's threads with their anchors on the head, carried through each version since they were last read.
 * `places` are the kept ones of all their statuses, where they were read with the threads. Places that changed are kept
 * without waiting; if that fails, the next read carries them again.
 */
export async function resolveAnchors(codebase: Codebase, stored: StoredThread[], places?: Places): Promise<Thread[]> {
  return (await resolveStoredAnchors(codebase, stored, places)).map(toThread);
}

/** Returns the same as `resolveAnchors`, in the form that is stored. */
export async function resolveStoredAnchors(
  codebase: Codebase,
  stored: StoredThread[],
  places?: Places,
): Promise<StoredThread[]> {
  const placed = new Map<string, StoredThread>();
  for (const status of ["open", "resolved"] as const) {
    const elsewhere = stored.filter((thread) => thread.status === status && !isInPlace(thread, codebase.tree));
    const [first] = elsewhere;
    if (!first) continue;
    const group = { sessionId: first.sessionId, status };
    const kept = places ?? (await readPlaces(group));
    const latest = elsewhere.map((thread) => atKeptPlace(thread, kept, codebase.number));
    const rest = latest.filter((thread) => !isInPlace(thread, codebase.tree));
    const moved = await carry(
      codebase,
      rest.filter((thread) => thread.version < codebase.number),
    );
    const back = await carryBack(
      codebase,
      rest.filter((thread) => thread.version > codebase.number),
    );
    for (const thread of [...latest, ...moved, ...back]) placed.set(thread.id, thread);
    const isNewer = ({ id, version }: StoredThread) => version > (kept.of[id]?.version ?? 0);
    if (!moved.some(isNewer)) continue;
    keepPlaces(group, kept, moved.filter(isNewer)).catch((error) => log.warn("anchors not kept", errorFields(error)));
  }
  return stored.map((thread) => ({ ...(placed.get(thread.id) ?? thread), version: codebase.number }));
}

/** Returns whether its file is on the head with the text it was placed in. */
const isInPlace = (thread: StoredThread, head: TreeEntry[]): boolean =>
  !thread.isFileGone && head.some((entry) => entry.path === thread.path && entry.hash === thread.fileHash);

async function carry(codebase: Codebase, threads: StoredThread[]): Promise<StoredThread[]> {
  if (threads.length === 0) return [];
  const first = Math.min(...threads.map((thread) => thread.version));
  const trees = await treesToHead(codebase, first, threads);
  const current = new Map(threads.map((thread) => [thread.id, thread]));
  const budget = { chars: MAX_COMPARED_CHARS };
  for (let number = first + 1; number <= codebase.number; number += 1) {
    const before = trees.get(number - 1) ?? [];
    const after = trees.get(number) ?? [];
    const isHead = number === codebase.number;
    for (const group of groupByFile([...current.values()].filter((thread) => thread.version < number))) {
      const place = nextEntryOf(group, before, after);
      for (const thread of await carryGroup(codebase.teamId, group, place, isHead, budget)) {
        current.set(thread.id, { ...thread, version: number });
      }
    }
  }
  return [...current.values()];
}

/** Returns the files of each version from `first` on. Of the version before the head, they are needed for renames only. */
async function treesToHead(
  codebase: Codebase,
  first: number,
  threads: StoredThread[],
): Promise<Map<number, TreeEntry[]>> {
  const isOnHead = ({ path }: StoredThread) => codebase.tree.some((entry) => entry.path === path);
  if (first === codebase.number - 1 && threads.every(isOnHead)) return new Map([[codebase.number, codebase.tree]]);
  return treesBetween(codebase, first, codebase.number);
}

/** Carries threads back to the codebase as it was read: they were opened, or moved, on a later head. */
async function carryBack(codebase: Codebase, threads: StoredThread[]): Promise<StoredThread[]> {
  const placed: StoredThread[] = [];
  for (const group of groupByFile(threads)) {
    const place = codebase.tree.find((entry) => entry.path === group.path);
    placed.push(...(await carryGroup(codebase.teamId, group, place, true, { chars: 0 })));
  }
  return placed;
}

function groupByFile(threads: StoredThread[]): Group[] {
  const groups = new Map<string, Group>();
  for (const thread of threads) {
    const isGone = thread.isFileGone === true;
    const key = `${isGone} ${thread.fileHash} ${thread.path}`;
    const group = groups.get(key) ?? { path: thread.path, hash: thread.fileHash, isGone, threads: [] };
    group.threads.push(thread);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Returns a file's entry in the next version: at its path, or renamed with the same text; undefined when it is gone. */
function nextEntryOf(group: Group, before: TreeEntry[], after: TreeEntry[]): TreeEntry | undefined {
  const same = after.find((entry) => entry.path === group.path);
  if (same || group.isGone) return same;
  const old = before.find((entry) => entry.path === group.path);
  const added = after.filter((entry) => entry.hash === old?.hash && !before.some(({ path }) => path === entry.path));
  const nameOf = (path: string) => path.split("/").at(-1);
  return added.find((entry) => nameOf(entry.path) === nameOf(group.path)) ?? added[0];
}

/**
 * Carries a group's threads to the next version. Their anchors keep to the text of `fileHash` where a comparison is
 * passed over.
 */
async function carryGroup(
  teamId: string,
  { path: _path, hash, threads }: Group,
  place: TreeEntry | undefined,
  isHead: boolean,
  budget: { chars: number },
): Promise<StoredThread[]> {
  if (!place) return threads.map((thread) => ({ ...thread, isFileGone: true }));
  const { path } = place;
  const here = threads.map(({ isFileGone: _gone, ...thread }): StoredThread => ({ ...thread, path }));
  if (place.hash === hash || (2 * place.size > budget.chars && !isHead)) return here;
  const anchored = here.flatMap((thread) => thread.anchor ?? []);
  if (anchored.length === 0) return here.map((thread) => ({ ...thread, fileHash: place.hash }));
  const [from, to] = await Promise.all([getText(teamId, hash), getText(teamId, place.hash)]);
  budget.chars -= from.length + to.length;
  // A comparison holds the thread; between two of them others have their turn.
  await new Promise((resolve) => setImmediate(resolve));
  const carried = carryAnchors(anchored, from, to);
  let at = 0;
  return here.map((thread) => {
    const next = { ...thread, fileHash: place.hash };
    return thread.anchor ? withAnchor(next, thread.anchor, carried[at++] as Anchor, hash) : next;
  });
}

/**
 * An anchor whose lines are gone remembers the text it last stood in: where an undo or a restore brings back that very
 * text, it is where it was. Anything less is for the comparison to say.
 */
function withAnchor(thread: StoredThread, before: Anchor, after: Anchor, hashBefore: string): StoredThread {
  const { known, ...rest } = thread;
  if (after.state !== "outdated") return { ...rest, anchor: after };
  if (known?.hash === thread.fileHash) {
    const { hash: _hash, ...place } = known;
    return { ...rest, anchor: { ...after, ...place } };
  }
  if (before.state === "outdated") return { ...thread, anchor: after };
  const { startLine, endLine, state, confidence } = before;
  return { ...rest, anchor: after, known: { hash: hashBefore, startLine, endLine, state, confidence } };
}
