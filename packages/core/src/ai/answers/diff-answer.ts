/** Diffs in answers: which texts are one, and the changes of files that one makes. */
import {
  applyDiff,
  DialectRefused,
  type DiffText,
  type FileChange,
  PatchRefused,
  readDiffText,
  resolveStep,
} from "../../text/index";
import { editablePath, type SuggestionBase } from "./paths";
import { SuggestionRefused } from "./refused";
import type { SuggestedPatch } from "./suggestion";

type DiffPatch = Extract<SuggestedPatch, { format: "unified" }>;

/** A fence as a diff, also one in a form that is refused later by its name; undefined for what is none. */
export function readDiff(
  lines: readonly string[],
  label: string | undefined,
  known: readonly string[],
): SuggestedPatch[] | undefined {
  const diff = lines.map((line) => `${line}\n`).join("");
  const patch: DiffPatch = { format: "unified", ...(label && { path: label }), diff };
  try {
    const { files } = readDiffText(diff);
    const around = { files, exists: (path: string) => known.includes(path), hasFolder: folderTest(known) };
    const paths = files.flatMap((file) => resolveStep(file, around)?.path ?? []);
    return [paths.length > 0 ? { ...patch, paths: [...new Set(paths)] } : patch];
  } catch (error) {
    if (error instanceof DialectRefused || holdsHunk(lines)) return [patch];
    if (error instanceof PatchRefused) return undefined;
    throw error;
  }
}

const folderTest = (paths: readonly string[]) => (folder: string) =>
  paths.some((path) => path.startsWith(`${folder}/`));

/** A diff that names its place was meant to be applied, so the reason why it is refused is shown to its reader. */
const holdsHunk = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith("@@"));

/** The changes that a diff makes, by path. Throws SuggestionRefused. */
export function diffChanges(
  base: SuggestionBase,
  patch: DiffPatch,
  questionPath: string | undefined,
): Map<string, FileChange> {
  const diff = readNamed(patch.diff);
  const stored = new Map(base.files.map((file) => [file.path, file.text]));
  const tree = {
    read: (path: string) => stored.get(path) ?? null,
    exists: (path: string) => stored.has(path) || (base.otherPaths ?? []).includes(path),
  };
  const hasFolder = folderTest([...stored.keys(), ...(base.otherPaths ?? [])]);
  try {
    return applyDiff(diff, tree, (file, exists) => {
      const step = resolveStep(file, { exists, hasFolder, files: diff.files });
      if (!step) return { kind: "edit", path: editablePath(base, patch.path, questionPath) };
      const path = exists(step.path) && stored.has(step.path) ? step.path : editablePath(base, step.path, questionPath);
      return "source" in step
        ? { ...step, path, source: editablePath(base, step.source, questionPath) }
        : { ...step, path };
    });
  } catch (error) {
    if (error instanceof SuggestionRefused || !(error instanceof PatchRefused)) throw error;
    throw new SuggestionRefused(error.path ? `${error.path}: ${error.message}` : error.message, error.path);
  }
}

function readNamed(text: string): DiffText {
  try {
    return readDiffText(text);
  } catch (error) {
    if (error instanceof PatchRefused) throw new SuggestionRefused(error.message);
    throw error;
  }
}
