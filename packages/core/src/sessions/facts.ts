import type { TreeEntry } from "../codebases/schema";

/** Returns the facts of a session's files that lists show; `bytes` of UTF-8. */
export const fileFactsOf = (tree: TreeEntry[]) => ({
  languages: [...new Set(tree.map((entry) => entry.language))].sort(),
  fileCount: tree.length,
  lines: tree.reduce((sum, entry) => sum + entry.lines, 0),
  bytes: tree.reduce((sum, entry) => sum + entry.size, 0),
});
