/** The text engine: differences, three-way merge, patches in a model's formats, anchors. Pure functions on strings. */
export { type Anchor, type AnchorState, carryAnchor, carryAnchors, createAnchor, createAnchors } from "./anchors";
export { diffLines, type LineHunk } from "./diff";
export { diffEdits } from "./diff-edits";
export { applyEdits, invertEdits, type TextEdit } from "./edits";
export { type EditHunk, editHunks } from "./hunks";
export { splitLines } from "./lines";
export { type MergeRegion, type MergeResult, merge } from "./merge";
export { type Normalised, normalisePatch, type PatchFormat } from "./patch";
export { mapRange, mapRanges, type TextRange } from "./ranges";
export { unifiedDiff } from "./unified";
