import { classHighlighter, type Highlighter } from "@lezer/highlight";
import { highlightClassName, highlightClassSet } from "@redline/core/reviewers/schema";

const known = new Map<string, string | null>();

/** Highlights like the server: with the classes that have a look of their own. */
export const codeHighlighter: Highlighter = {
  style(tags) {
    const classes = classHighlighter.style(tags);
    if (!classes) return null;
    let styled = known.get(classes);
    if (styled === undefined) {
      styled = highlightClassName(highlightClassSet(classes)) || null;
      known.set(classes, styled);
    }
    return styled;
  },
};
