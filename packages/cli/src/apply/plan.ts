/** Decides what a patch does to the work tree: one of three outcomes, and nothing is written yet. */
import {
  applyDiff,
  applyEdits,
  type DiffFile,
  type DiffText,
  type FileStep,
  merge,
  normalisePatch,
  PatchRefused,
  resolveStep,
} from "@redline/core/text/index";
import { isStoredAs } from "../review/file-text";
import type { FileEdits, Input } from "./input";
import type { PatchTree } from "./tree";

/** `after` is null for a file that goes, and holds markers for one with conflicts. */
export type PlannedFile = { path: string; after: string | null; isNew: boolean; conflicts: number };

export type Plan =
  | { outcome: "applied" | "conflicted"; files: PlannedFile[] }
  | { outcome: "refused"; reason: string; path?: string };

/** Returns the text of a blob of the repository, by its name or the beginning of it; undefined where it is not there. */
export type BlobText = (id: string) => Promise<string | undefined>;

export async function planPatch(input: Input, tree: PatchTree, blobText: BlobText): Promise<Plan> {
  try {
    const files =
      input.kind === "diff" ? await planDiff(input.diff, tree, blobText) : await planEdits(input.files, tree, blobText);
    return { outcome: files.some(({ conflicts }) => conflicts > 0) ? "conflicted" : "applied", files };
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    return { outcome: "refused", reason: error.message, ...(error.path && { path: error.path }) };
  }
}

async function planDiff(diff: DiffText, tree: PatchTree, blobText: BlobText): Promise<PlannedFile[]> {
  const step = (file: DiffFile, exists: (path: string) => boolean): FileStep => {
    const hasFolder = (folder: string) => tree.hasFolder(folder);
    const resolved = resolveStep(file, { exists, hasFolder, files: diff.files });
    if (!resolved) throw new PatchRefused("The diff names no file.");
    return resolved;
  };
  const current = { read: (path: string) => tree.read(path), exists: (path: string) => tree.exists(path) };
  try {
    return planned(applyDiff(diff, current, step), tree);
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    const bases = await basesOf(diff, (file) => step(file, current.exists), blobText);
    if (bases.size === 0) throw error;
    const made = {
      read: (path: string) => bases.get(path) ?? current.read(path),
      exists: (path: string) => bases.has(path) || current.exists(path),
    };
    return planned(applyDiff(diff, made, step), tree);
  }
}

/** The texts that a diff was made of, where it names them and the repository has them. */
async function basesOf(
  { files }: DiffText,
  stepOf: (file: DiffFile) => FileStep,
  blobText: BlobText,
): Promise<Map<string, string>> {
  const bases = new Map<string, string>();
  for (const file of files) {
    const id = file.blobs?.old;
    if (id === undefined || /^0+$/.test(id)) continue;
    const step = stepOf(file);
    const text = await blobText(id);
    const path = "source" in step ? step.source : step.path;
    if (text !== undefined && !bases.has(path)) bases.set(path, text);
  }
  return bases;
}

type Changes = ReadonlyMap<string, { before: string | null; after: string | null }>;

/** Where a change was made of another text than the file has now, both are merged. */
function planned(changes: Changes, tree: PatchTree): PlannedFile[] {
  return [...changes].map(([path, { before, after }]) => {
    const now = tree.read(path);
    const file = { path, isNew: now === null };
    if (now === before || now === after) return { ...file, after, conflicts: 0 };
    if (now === null || after === null || before === null) {
      throw refusal(path, "was changed since the diff was made, which adds or deletes it");
    }
    const merged = merge(before, now, after, { ours: "the file", theirs: "the change" });
    return { ...file, after: merged.text, conflicts: merged.clean ? 0 : merged.conflicts };
  });
}

/** `reason` goes on after the path, or is a sentence of its own, behind a colon; with its dot or without. */
function refusal(path: string, reason: string): PatchRefused {
  const refused = new PatchRefused(`${path}${reason.startsWith(":") ? "" : " "}${reason.replace(/\.$/, "")}.`);
  refused.path = path;
  return refused;
}

async function planEdits(files: readonly FileEdits[], tree: PatchTree, blobText: BlobText): Promise<PlannedFile[]> {
  const changes = new Map<string, { before: string; after: string }>();
  for (const file of files) {
    const { path } = file;
    if (changes.has(path)) throw refusal(path, "comes twice: give all edits of a file together");
    const text = tree.read(path);
    if (text === null) throw refusal(path, "is not in the work tree");
    if (file.format === "offsets") {
      const bytes = tree.bytes.get(path) as Buffer;
      const before = isStoredAs(bytes, file.base) ? text : await blobText(file.base);
      if (before === undefined) throw refusal(path, "was changed since the change was made");
      changes.set(path, { before, after: applyOffsets(before, file) });
    } else {
      const result = normalisePatch(text, file.format, file.edits);
      if (!result.ok) throw refusal(path, `: ${result.reason}`);
      changes.set(path, { before: text, after: applyEdits(text, result.edits) });
    }
  }
  return planned(changes, tree);
}

function applyOffsets(base: string, { path, edits }: Extract<FileEdits, { format: "offsets" }>): string {
  try {
    return applyEdits(
      base,
      [...edits].sort((a, b) => a.start - b.start || a.end - b.end),
    );
  } catch (error) {
    if (error instanceof RangeError) throw refusal(path, `can't take the change: ${error.message}`);
    throw error;
  }
}
