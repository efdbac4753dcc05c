/** Reads a session's threads of one status, or all, with their kept places. */
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { shortJson } from "../platform/compressed-json";
import type { RawItem } from "../platform/partitions";
import { table } from "../platform/table";
import { NO_PLACES, type Places, PlacesEntity, placesOf, unpackPlaces } from "./kept-places";
import { type StoredThread, sessionKey, ThreadCountsEntity, ThreadEntity, type ThreadItem, toStored } from "./store";

/** A session's threads of one status with their kept places. */
export type ThreadsAndPlaces = { threads: StoredThread[]; places: Places };

/** Returns a session's open threads and the number of its resolved ones, in one query: their keys are adjacent. */
export async function queryOpenThreads(sessionId: string): Promise<ThreadsAndPlaces & { resolved: number }> {
  const items = await queryItems(sessionId, { between: ["THREAD#", "THREADS"] });
  const counts = items.find(({ type }) => type === ThreadCountsEntity.entityName);
  return { ...toThreads(items), resolved: counts ? Number(counts.total) - Number(counts.open) : 0 };
}

/** Returns a session's resolved threads, in one query. */
export async function queryResolvedThreads(sessionId: string): Promise<ThreadsAndPlaces> {
  return toThreads(await queryItems(sessionId, { beginsWith: "RESOLVED" }));
}

type Range = { between: [string, string] } | { beginsWith: string };

/** Queries items as they are stored: formatting fifty threads attribute by attribute takes longer than reading them. */
async function queryItems(sessionId: string, range: Range): Promise<RawItem[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .query({ partition: sessionKey(sessionId), range })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items as RawItem[];
}

function toThreads(items: readonly RawItem[]): ThreadsAndPlaces {
  const threads = items.filter(({ type }) => type === ThreadEntity.entityName).map(unpackThread);
  const places = items.find(({ type }) => type === PlacesEntity.entityName);
  return { threads, places: places ? placesOf(threads, unpackPlaces(places)) : NO_PLACES };
}

function unpackThread({ pk: _pk, sk: _sk, type: _type, ...item }: RawItem): StoredThread {
  const unpacked = ["anchor", "known", "finding"].flatMap((name) =>
    item[name] === undefined ? [] : [[name, shortJson.decode(item[name])]],
  );
  return toStored({ ...item, ...Object.fromEntries(unpacked) } as ThreadItem);
}

/** Returns all threads of a session. One that moves meanwhile is where it was read last; none is missed. */
export async function queryAllThreads(sessionId: string): Promise<StoredThread[]> {
  const all = new Map<string, StoredThread>();
  for (const query of [queryOpenThreads, queryResolvedThreads, queryOpenThreads]) {
    for (const thread of (await query(sessionId)).threads) all.set(thread.id, thread);
  }
  return [...all.values()];
}
