/** What a model suggests, in whichever format it was written, before it is proven to apply. */
import type { ProposedEdit } from "../tools";

/** What is suggested for files. Without a path it is about the file that was asked about. */
export type SuggestedPatch =
  | { format: "edits"; edits: readonly ProposedEdit[] }
  | { format: "search_replace"; path?: string; blocks: { search: string; replace: string }[] }
  | { format: "unified"; path?: string; diff: string; isNew?: true; isDeletion?: true }
  /** Lines of the material, 1-based and inclusive; without `original` they go by their numbers alone. */
  | { format: "lines"; startLine: number; endLine: number; replacement: string; original?: string };

/** One suggestion of an answer; `code` is what a reader may copy when it does not apply. */
export type Suggestion = { summary: string; patches: SuggestedPatch[]; code: string };

/** What stands together in an answer, as one suggestion named by its files. */
export function suggestionOf(patches: SuggestedPatch[]): Suggestion {
  const paths = [...new Set(patches.flatMap((patch) => ("path" in patch && patch.path ? [patch.path] : [])))];
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
