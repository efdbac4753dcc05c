import { cleanPath } from "../../codebases/internal";
import type { LineRange } from "../context";
import { SuggestionRefused } from "./refused";

/** A file as stored: what a suggestion is proven against. `shown` are the lines a model saw, where those were not all. */
export type StoredFile = { path: string; text: string; hash: string; shown?: LineRange };

/** The files a suggestion may edit, and the paths of others that exist, which it may neither edit nor create. */
export type SuggestionBase = {
  files: readonly StoredFile[];
  otherPaths?: readonly string[];
  /** True unless said otherwise. */
  mayAddFiles?: boolean;
  /** Paths are exact, as in tool calls; text answers may name the one file that ends like this. */
  isStrict?: true;
};

/** The path of a file that may be edited or created. Refuses all others. */
export function editablePath(
  base: SuggestionBase,
  given: string | undefined,
  questionPath: string | undefined,
): string {
  const named = given ?? questionPath ?? (base.files.length === 1 ? base.files[0]?.path : undefined);
  if (named === undefined) throw new SuggestionRefused("It does not say which file it changes.");
  const path = cleaned(named);
  const paths = base.files.map((file) => file.path);
  if (paths.includes(path)) return path;
  const others = base.otherPaths ?? [];
  if (others.includes(path))
    throw new SuggestionRefused(`The file ${path} was not shown, so it can't be changed.`, path);
  const endingSo = paths.filter((each) => each.endsWith(`/${path}`));
  if (!base.isStrict && endingSo.length === 1) return endingSo[0] as string;
  if (base.mayAddFiles === false) throw new SuggestionRefused(`There is no file ${path}.`, path);
  const clash = [...paths, ...others].find((each) => each.startsWith(`${path}/`) || path.startsWith(`${each}/`));
  if (clash) throw new SuggestionRefused(`A file ${path} can't stand beside ${clash}.`, path);
  return path;
}

function cleaned(given: string): string {
  try {
    return cleanPath(given);
  } catch (error) {
    throw new SuggestionRefused(error instanceof Error ? error.message : "That path can't be used.");
  }
}
