import type { TreeEntry } from "../codebases/schema";

/** What lists of sessions show of their files. */
export const factsOf = (tree: TreeEntry[]) => ({
  languages: [...new Set(tree.map((entry) => entry.language))].sort(),
  fileCount: tree.length,
  bytes: tree.reduce((sum, entry) => sum + entry.size, 0),
});
