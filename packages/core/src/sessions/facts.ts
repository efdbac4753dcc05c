import type { TreeEntry } from "../codebases/schema";

/** Returns the facts of a session's files that lists show; `bytes` of UTF-8. */
export const factsOf = (tree: TreeEntry[]) => ({
  languages: [...new Set(tree.map((entry) => entry.language))].sort(),
  fileCount: tree.length,
  bytes: tree.reduce((sum, entry) => sum + entry.size, 0),
});
