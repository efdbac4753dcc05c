/** Returns the counts that are not zero in words, such as `3 new · 1 still open`. */
export const countsText = (counts: readonly (readonly [number, string])[]): string =>
  counts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(" · ");
