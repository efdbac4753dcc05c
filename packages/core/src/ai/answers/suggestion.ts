/** A model's suggestion, in whichever format it was written, before it is verified to apply. */
import type { ProposedEdit } from "../tools";

/** Suggested changes of files. Without a path, a patch is for the file that the question is about. */
export type SuggestedPatch =
  | { format: "edits"; edits: readonly ProposedEdit[] }
  | { format: "search_replace"; path?: string; blocks: { search: string; replace: string }[] }
  /** A diff of one file or several; `paths` are the names it gives, `path` that of a diff which gives none. */
  | { format: "unified"; path?: string; paths?: readonly string[]; diff: string }
  /** Lines of the material, 1-based and inclusive; without `original` they go by their numbers alone. */
  | { format: "lines"; startLine: number; endLine: number; replacement: string; original?: string };

/** One suggestion of an answer; `code` is what a reader may copy when it does not apply. */
export type Suggestion = { summary: string; patches: SuggestedPatch[]; code: string };

/** Combines the patches of one answer into a suggestion named by its files. */
export function suggestionOf(patches: SuggestedPatch[]): Suggestion {
  const paths = [...new Set(patches.flatMap(pathsOf))];
  const code = patches.map((patch) =>
    patch.format === "search_replace"
      ? patch.blocks.map(({ replace }) => replace).join("\n")
      : patch.format === "unified"
        ? patch.diff
        : "",
  );
  const summary = `Change ${paths.length === 0 ? "the code" : paths.join(", ")}`.slice(0, 200);
  return { summary, patches, code: code.join("\n") };
}

function pathsOf(patch: SuggestedPatch): readonly string[] {
  if (patch.format === "unified" && patch.paths) return patch.paths;
  return "path" in patch && patch.path ? [patch.path] : [];
}
