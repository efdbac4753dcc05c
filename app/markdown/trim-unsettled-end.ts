/**
 * Trims a growing text's trailing syntax that would render as something else for a moment: "-" under a line would make
 * it a heading before it turns out to be a list.
 */
export function trimUnsettledEnd(text: string): string {
  const start = text.lastIndexOf("\n") + 1;
  const last = text.slice(start);
  // A fence is one as soon as it is there.
  if (/^[ \t]*(?:`{3,}|~{3,})/.test(last)) return text;
  return /^[ \t>]*(?:[-=*_+#~`|: \t]+|\d{1,9}[.)]?)[ \t]*$/.test(last) ? text.slice(0, start) : text;
}
