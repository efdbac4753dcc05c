import { pathOfLabel } from "./labels";
import { isDivider, isReplaceMarker, isSearchMarker } from "./markers";
import type { SuggestedPatch } from "./suggestion";

type Block = { search: string[]; replace: string[] };

/**
 * The blocks of a fence, with the paths that stand between them; undefined unless every block is whole and has one
 * divider. A text that holds a line like a divider can be parted in two ways, and only one is meant.
 */
export function readSearchReplace(
  lines: readonly string[],
  label: string | undefined,
  paths: readonly string[],
): SuggestedPatch[] | undefined {
  const patches: Extract<SuggestedPatch, { format: "search_replace" }>[] = [];
  let path = label;
  let block: Block | undefined;
  let part: keyof Block = "search";
  for (const line of lines) {
    if (!block) {
      if (isSearchMarker(line)) {
        block = { search: [], replace: [] };
        part = "search";
      } else if (line.trim() !== "") path = pathOfLabel(line, paths) ?? path;
    } else if (isSearchMarker(line)) return undefined;
    else if (isDivider(line)) {
      if (part === "replace") return undefined;
      part = "replace";
    } else if (isReplaceMarker(line)) {
      if (part === "search") return undefined;
      const read = { search: asText(block.search), replace: asText(block.replace) };
      const last = patches[patches.length - 1];
      if (last && last.path === path) last.blocks.push(read);
      else patches.push({ format: "search_replace", ...(path !== undefined && { path }), blocks: [read] });
      block = undefined;
    } else block[part].push(line);
  }
  return block || patches.length === 0 ? undefined : patches;
}

const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
