/** The text engine: differences, three-way merge, patches in a model's formats, anchors. Pure functions on strings. */
export { type Anchor, type AnchorState, carryAnchor, carryAnchors, createAnchor, createAnchors } from "./anchors";
export { diffLines, type LineHunk } from "./diff";
export { diffEdits } from "./diff-edits";
export { applyDiff, type FileChange } from "./diff-text/apply";
export { DialectRefused } from "./diff-text/dialects";
export type { KnownPart } from "./diff-text/known-lines";
export { type DiffFile, type DiffText, readDiffText } from "./diff-text/read";
export { type FileStep, resolveStep } from "./diff-text/resolve";
export { type FileSides, readSides } from "./diff-text/sides";
export { applyEdits, invertEdits, type TextEdit } from "./edits";
export { type EditHunk, editHunks } from "./hunks";
export { carryParts, diffKnownLines } from "./known-diff";
export { LineIndex } from "./line-index";
export {
  allHunkLines,
  countIn,
  type HunkLines,
  type LineMoves,
  type LineRange,
  linesIn,
  mapReverted,
  revertLines,
  type SelectedLines,
  splitByHunk,
  takeLines,
  toRanges,
} from "./line-selection";
export { splitLines } from "./lines";
export { type MergeRegion, type MergeResult, merge } from "./merge";
export { type Normalised, normalisePatch, type PatchFormat } from "./patch";
export { PatchRefused } from "./patch-refused";
export { mapRange, mapRanges, type TextRange } from "./ranges";
export { unifiedDiff, unifiedHunks } from "./unified";
export { hasWords, searchTerms, searchWords } from "./words";
