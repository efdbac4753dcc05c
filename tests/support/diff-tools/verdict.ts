import { normaliseSuggestion } from "@redline/core/ai/answers/normalise";
import { applyEdits } from "@redline/core/text/index";
import { isSameTree, type Tree } from "./repository";
import type { Recipe } from "./tools";

export type Verdict = { outcome: "right" | "refused" | "wrong"; reason?: string };

/** Compares our reading of a diff, applied to `before`, with the tool's files. */
export function judge(recipe: Recipe, diff: string, before: Tree, after: Tree): Verdict {
  const files = [...before].map(([path, text]) => ({ path, text, hash: "0".repeat(64) }));
  const result = normaliseSuggestion({ files }, { patches: [{ format: "unified", diff }] });
  if (!result.ok) return { outcome: "refused", reason: result.reason };
  const tree = new Map(before);
  for (const edit of result.edits) {
    if (edit.delete) tree.delete(edit.path);
    else tree.set(edit.path, applyEdits(before.get(edit.path) ?? "", edit.edits));
  }
  if (recipe.truth === "refused") return { outcome: "wrong", reason: "applied" };
  const [made, wanted] = recipe.truth === "but-space" ? [withoutSpace(tree), withoutSpace(after)] : [tree, after];
  return isSameTree(made, wanted) ? { outcome: "right" } : { outcome: "wrong", reason: difference(made, wanted) };
}

const withoutSpace = (tree: Tree): Tree =>
  new Map([...tree].map(([path, text]) => [path, text.replace(/\s|\uFEFF/g, "")]));

function difference(made: Tree, wanted: Tree): string {
  for (const path of new Set([...made.keys(), ...wanted.keys()])) {
    if (made.get(path) === wanted.get(path)) continue;
    return `${path}: ${JSON.stringify(made.get(path))} for ${JSON.stringify(wanted.get(path))}`;
  }
  return "";
}
