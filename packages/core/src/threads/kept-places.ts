/**
 * The places of threads that were carried to a later version than their own item says: one item for a session's open
 * threads and one for its resolved ones, so that one write keeps all that a page carried.
 */
import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { packed } from "../platform/compressed-json";
import { conditionHeld } from "../platform/dynamo-errors";
import type { RawItem } from "../platform/partitions";
import { entityDefaults } from "../platform/table";
import type { Anchor } from "../text/index";
import type { Thread } from "./schema";

/** The last place of an outdated anchor, and the hash of its text. */
export type KnownPlace = Pick<Anchor, "startLine" | "endLine" | "state" | "confidence"> & { hash: string };

/** The attributes of a thread that change from version to version; `fileHash` is the text that `lines` are about. */
type Place = Pick<Thread, "path" | "version" | "isFileGone"> & {
  fileHash: string;
  lines?: Pick<Anchor, "startLine" | "endLine" | "state" | "confidence">;
  known?: KnownPlace;
};

/** Kept places by thread id. `revision` counts the writes; 0 where none were kept yet. */
export type Places = { revision: number; of: Record<string, Place> };

type Placed = Pick<Thread, "id" | "path" | "version" | "anchor" | "isFileGone"> & Pick<Place, "fileHash" | "known">;
type Group = { sessionId: string; status: Thread["status"] };

export const PlacesEntity = new Entity({
  ...entityDefaults,
  name: "thread-places",
  schema: item({
    sessionId: string().key(),
    status: string().enum("open", "resolved").key(),
    revision: number(),
    of: any().transform(packed),
    v: number().default(1),
  }),
  // Beside the threads of that status, so that one query reads both.
  computeKey: ({ sessionId, status }: Group) => ({
    pk: `SESSION#${sessionId}`,
    sk: status === "open" ? "THREADPLACES" : "RESOLVEDPLACES",
  }),
});

export const NO_PLACES: Places = { revision: 0, of: {} };

/** Returns the places of an item as it is stored. */
export const unpackPlaces = ({ revision, of }: RawItem): Places => ({
  revision: Number(revision),
  of: packed.decode(of) as Places["of"],
});

/** Returns the places of these threads: others have moved between open and resolved since, and took theirs with them. */
export const placesOf = (threads: readonly { id: string }[], { revision, of }: Places): Places => ({
  revision,
  of: Object.fromEntries(threads.flatMap(({ id }) => (of[id] ? [[id, of[id]]] : []))),
});

export async function readPlaces(group: Group): Promise<Places> {
  const { Item } = await PlacesEntity.build(GetItemCommand).key(group).options({ consistent: true }).send();
  return Item ? { revision: Item.revision, of: Item.of as Places["of"] } : NO_PLACES;
}

/** Returns a thread at its kept place, where that is of a later version than its own item's and of `head` at most. */
export function atKeptPlace<T extends Placed>(thread: T, { of }: Places, head: number): T {
  const place = of[thread.id];
  if (!place || place.version <= thread.version || place.version > head) return thread;
  const { isFileGone: _gone, known: _known, ...rest } = thread;
  const { lines, ...now } = place;
  return { ...rest, ...now, ...(thread.anchor && { anchor: { ...thread.anchor, ...lines } }) } as T;
}

/** The most places of an item, which they keep below 32 KB; those of the oldest versions are carried again when read. */
const MAX_KEPT = 250;

/**
 * Keeps the places of threads that were carried, with those that were kept before. Does nothing where another request
 * kept places since `before` was read: the next one that reads the threads carries what is missing.
 */
export async function keepPlaces(group: Group, before: Places, carried: readonly Placed[]): Promise<void> {
  const all = { ...before.of, ...Object.fromEntries(carried.map((thread) => [thread.id, placeOf(thread)])) };
  const latest = Object.entries(all).sort(([, a], [, b]) => b.version - a.version);
  const put = PlacesEntity.build(PutItemCommand).item({
    ...group,
    revision: before.revision + 1,
    of: Object.fromEntries(latest.slice(0, MAX_KEPT)),
  });
  const attr = "revision" as const;
  const condition = before.revision === 0 ? { attr, exists: false } : { attr, eq: before.revision };
  await conditionHeld(put.options({ condition }).send());
}

function placeOf({ path, version, fileHash, isFileGone, known, anchor }: Placed): Place {
  return {
    ...{ path, version, fileHash },
    ...(isFileGone && { isFileGone }),
    ...(known && { known }),
    ...(anchor && {
      lines: {
        ...{ startLine: anchor.startLine, endLine: anchor.endLine },
        ...{ state: anchor.state, confidence: anchor.confidence },
      },
    }),
  };
}
