import { getJson } from "../platform/blobs";
import { packed } from "../platform/compressed-json";
import { readPartition } from "../platform/partitions";
import type { FileEdit, TreeEntry } from "./schema";

type Stored = {
  tree?: unknown;
  treeBlob?: string;
  edits?: unknown;
  editsBlob?: string;
  files?: { blob?: string }[];
};

/** The hashes of every blob that a codebase's head, versions, changes and drafts name. */
export async function namedBlobs(teamId: string, codebaseId: string): Promise<Set<string>> {
  const named = new Set<string>();
  for await (const item of readPartition(`CODE#${codebaseId}`)) {
    const { tree, treeBlob, edits, editsBlob, files } = item as unknown as Stored;
    const entries = treeBlob
      ? await getJson<TreeEntry[]>(teamId, treeBlob)
      : ((packed.decode(tree) ?? []) as TreeEntry[]);
    for (const { hash } of entries) named.add(hash);
    const edited = editsBlob
      ? await getJson<FileEdit[]>(teamId, editsBlob)
      : ((packed.decode(edits) ?? []) as FileEdit[]);
    // A text that no version has: of a file in a work tree, before it was merged with the head.
    for (const { baseHash } of edited) if (baseHash) named.add(baseHash);
    for (const { blob } of files ?? []) if (blob) named.add(blob);
    if (treeBlob) named.add(treeBlob);
    if (editsBlob) named.add(editsBlob);
  }
  return named;
}
