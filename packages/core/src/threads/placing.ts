import { treesBetween } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { errorFields, log } from "../platform/log";
import { type Anchor, carryAnchors } from "../text/index";
import type { Thread } from "./schema";
import { type StoredThread, toThread } from "./store";
import { writePlace } from "./writes";

/** A file as some threads know it: they go from version to version together, so that texts are compared once. */
type Group = { path: string; hash: string; isGone: boolean; threads: StoredThread[] };

/**
 * Characters compared for one page; past them a file's versions between are passed over, straight to the head: comparing
 * two texts of 5 MB takes 0.7 s.
 */
const MAX_COMPARED_CHARS = 6_000_000;

/**
 * Threads where they are on the head: carried through each version since they were last looked at. What changed is
 * written back after the response, so that the work is done once; if that fails it is done again.
 */
export async function placeThreads(codebase: Codebase, stored: StoredThread[]): Promise<Thread[]> {
  const elsewhere = stored.filter((thread) => !isWhereItWas(thread, codebase.tree));
  const carried = await carry(
    codebase,
    elsewhere.filter((thread) => thread.version < codebase.number),
  );
  const back = await carryBack(
    codebase,
    elsewhere.filter((thread) => thread.version > codebase.number),
  );
  for (const before of elsewhere) {
    const thread = carried.get(before.id);
    if (!thread) continue;
    writePlace(thread, before.version).catch((error) => log.warn("a thread's place was not kept", errorFields(error)));
  }
  return stored.map((thread) => {
    const placed = carried.get(thread.id) ?? back.get(thread.id) ?? thread;
    return toThread({ ...placed, version: codebase.number });
  });
}

/** Its file is on the head with the very text it was placed in. */
const isWhereItWas = (thread: StoredThread, head: TreeEntry[]): boolean =>
  !thread.isFileGone && head.some((entry) => entry.path === thread.path && entry.hash === thread.fileHash);

async function carry(codebase: Codebase, threads: StoredThread[]): Promise<Map<string, StoredThread>> {
  if (threads.length === 0) return new Map();
  const first = Math.min(...threads.map((thread) => thread.version));
  const trees = await treesBetween(codebase, first, codebase.number);
  const current = new Map(threads.map((thread) => [thread.id, thread]));
  const budget = { chars: MAX_COMPARED_CHARS };
  for (let number = first + 1; number <= codebase.number; number += 1) {
    const before = trees.get(number - 1) ?? [];
    const after = trees.get(number) ?? [];
    const isHead = number === codebase.number;
    for (const group of groupByFile([...current.values()].filter((thread) => thread.version < number))) {
      const place = placeOf(group, before, after);
      for (const thread of await step(codebase.teamId, group, place, isHead, budget)) {
        current.set(thread.id, { ...thread, version: number });
      }
    }
  }
  return current;
}

/** Carries threads back to the codebase as it was read: the head moved on since, and another request carried them to it. */
async function carryBack(codebase: Codebase, threads: StoredThread[]): Promise<Map<string, StoredThread>> {
  const placed = new Map<string, StoredThread>();
  for (const group of groupByFile(threads)) {
    const place = codebase.tree.find((entry) => entry.path === group.path);
    for (const thread of await step(codebase.teamId, group, place, true, { chars: 0 })) placed.set(thread.id, thread);
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
function placeOf(group: Group, before: TreeEntry[], after: TreeEntry[]): TreeEntry | undefined {
  const same = after.find((entry) => entry.path === group.path);
  if (same || group.isGone) return same;
  const old = before.find((entry) => entry.path === group.path);
  const added = after.filter((entry) => entry.hash === old?.hash && !before.some(({ path }) => path === entry.path));
  const nameOf = (path: string) => path.split("/").at(-1);
  return added.find((entry) => nameOf(entry.path) === nameOf(group.path)) ?? added[0];
}

/** A group's threads one version on. Their anchors keep to the text of `fileHash` where a comparison is passed over. */
async function step(
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
