/** Blocks as values of custom properties (`--mixin: { … }`), which CSS allows and Biome does not read. */

/** Returns the text with such blocks blanked, so that all other places stay where they are. */
export function maskBlocks(text: string): string {
  const opening = /--[\w-]+\s*:\s*\{/g;
  let masked = text;
  for (let match = opening.exec(masked); match; match = opening.exec(masked)) {
    const start = match.index + match[0].length - 1;
    const end = endOfBlock(masked, start);
    masked = masked.slice(0, start) + masked.slice(start, end).replace(/[^\r\n]/g, " ") + masked.slice(end);
  }
  return masked;
}

function endOfBlock(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return text.length;
}
