import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { putText } from "../platform/blobs";
import { detectLanguage } from "../reviewers/index";
import type { CodebaseOwner, TreeEntry } from "./schema";

export function countLines(text: string): number {
  if (text === "") return 0;
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.endsWith("\n") ? lines - 1 : lines;
}

/** Stores a file's text and returns its tree entry. Throws FILE_TOO_LARGE and INVALID_INPUT by limits.md. */
export async function storeFile(teamId: string, path: string, text: string, language?: string): Promise<TreeEntry> {
  const size = Buffer.byteLength(text, "utf8");
  if (size > LIMITS.file.maxBytes) {
    throw new AppError("FILE_TOO_LARGE", `${path} is ${megabytes(size)}; a file may be 5 MB at most.`, { field: path });
  }
  if (text.includes("\0")) {
    throw new AppError("INVALID_INPUT", `${path} is not a text file: it holds NUL bytes.`, { field: path });
  }
  const hash = await putText(teamId, text);
  return { path, hash, size, lines: countLines(text), language: language ?? detectLanguage(path, text) };
}

/** Refuses a tree that is more than its owner may hold. */
export function requireWithinLimits(tree: TreeEntry[], { kind }: Pick<CodebaseOwner, "kind">): void {
  const { maxFiles, maxBytes } = LIMITS[kind];
  if (tree.length > maxFiles) {
    throw new AppError("INVALID_INPUT", `${tree.length} files is too many. The limit is ${maxFiles} per ${kind}.`, {
      field: "files",
    });
  }
  const bytes = tree.reduce((sum, entry) => sum + entry.size, 0);
  if (bytes > maxBytes) {
    const limit = `${maxBytes / 1024 / 1024} MB per ${kind}`;
    throw new AppError("INVALID_INPUT", `These files total ${megabytes(bytes)}. The limit is ${limit}.`, {
      field: "files",
    });
  }
}

export const sortTree = (tree: TreeEntry[]): TreeEntry[] =>
  tree.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
