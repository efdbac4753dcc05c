import { getJson } from "../platform/blobs";
import { packed } from "../platform/compressed-json";
import { readPartition } from "../platform/partitions";
import type { TreeEntry } from "./schema";

type Stored = {
  tree?: unknown;
  treeBlob?: string;
  editsBlob?: string;
  files?: { blob?: string }[];
};

/** The hashes of every blob that a codebase's head, versions, changes and drafts name. */
export async function namedBlobs(teamId: string, codebaseId: string): Promise<Set<string>> {
  const named = new Set<string>();
  for await (const item of readPartition(`CODE#${codebaseId}`)) {
    const { tree, treeBlob, editsBlob, files } = item as unknown as Stored;
    const entries = treeBlob
      ? await getJson<TreeEntry[]>(teamId, treeBlob)
      : ((packed.decode(tree) ?? []) as TreeEntry[]);
    for (const { hash } of entries) named.add(hash);
    for (const { blob } of files ?? []) if (blob) named.add(blob);
    if (treeBlob) named.add(treeBlob);
    if (editsBlob) named.add(editsBlob);
  }
  return named;
}
