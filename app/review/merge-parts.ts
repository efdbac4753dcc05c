import type { FileConflict } from "@redline/core/codebases/schema";
import * as v from "valibot";

/** The resolution of a conflicting range. */
export const CHOICES = ["mine", "theirs", "both", "hand"] as const;
export type MergeChoice = (typeof CHOICES)[number];

const cleanPart = v.object({ text: v.string(), from: v.picklist(["same", "mine", "theirs"]) });
const openPart = v.object({ mine: v.string(), theirs: v.string() });
const sides = { mine: v.nullable(v.string()), theirs: v.nullable(v.string()) };

/**
 * A file in a manual merge: its resolved and open parts in order or, where one side deleted it, both sides whole. It is
 * posted with the form, so that the result matches what was shown.
 */
export const mergeFileSchema = v.union([
  v.object({ path: v.string(), parts: v.array(v.union([openPart, cleanPart])) }),
  v.object({ path: v.string(), ...sides }),
]);
export type MergeFile = v.InferOutput<typeof mergeFileSchema>;
export type MergePart = v.InferOutput<typeof cleanPart> | v.InferOutput<typeof openPart>;

export const isOpenPart = (part: MergePart): part is v.InferOutput<typeof openPart> => "mine" in part;

export function toMergeFile({ path, mine, theirs, regions }: FileConflict): MergeFile {
  if (mine === null || theirs === null) return { path, mine, theirs };
  const parts = regions.map((region): MergePart => {
    if (region.kind === "conflict") return { mine: region.ours, theirs: region.theirs };
    if (region.kind === "same" || region.kind === "both") return { text: region.ours, from: "same" };
    return region.kind === "ours" ? { text: region.ours, from: "mine" } : { text: region.theirs, from: "theirs" };
  });
  return { path, parts };
}

/** Field names of an open part's choice and manual text. */
export const choiceName = (file: number, part: number): string => `choice.${file}.${part}`;
export const manualTextName = (file: number, part: number): string => `hand.${file}.${part}`;

/** Concatenates both sides, theirs first, on separate lines. */
export function bothSides(mine: string, theirs: string): string {
  return theirs === "" || theirs.endsWith("\n") || mine === "" ? theirs + mine : `${theirs}\n${mine}`;
}

export type MergeResolution = { texts: { path: string; text: string | null }[]; undecided: string[] };

/** Resolves the files by the form's fields, and lists files with a missing choice. */
export function resolveMerge(
  files: readonly MergeFile[],
  fieldOf: (name: string) => string | undefined,
): MergeResolution {
  const undecided = new Set<string>();
  const texts = files.map((file, fileAt) => {
    const decide = (partAt: number, mine: string | null, theirs: string | null): string | null => {
      switch (fieldOf(choiceName(fileAt, partAt))) {
        case "mine":
          return mine;
        case "theirs":
          return theirs;
        case "both":
          return bothSides(mine ?? "", theirs ?? "");
        case "hand":
          return normalizeManualText(fieldOf(manualTextName(fileAt, partAt)) ?? "", mine ?? theirs ?? "");
        default:
          undecided.add(file.path);
          return null;
      }
    };
    if (!("parts" in file)) return { path: file.path, text: decide(0, file.mine, file.theirs) };
    const parts = file.parts.map((part, at) => (isOpenPart(part) ? decide(at, part.mine, part.theirs) : part.text));
    return { path: file.path, text: parts.join("") };
  });
  return { texts, undecided: [...undecided] };
}

/** Normalizes a form's CRLF line ends to those of the adjacent code, and restores a missing final line end. */
function normalizeManualText(typed: string, beside: string): string {
  const lines = typed.replaceAll("\r\n", "\n");
  const ended = lines === "" || lines.endsWith("\n") || !beside.endsWith("\n") ? lines : `${lines}\n`;
  return beside.includes("\r\n") ? ended.replaceAll("\n", "\r\n") : ended;
}
