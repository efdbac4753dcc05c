/** Tells a patch among the files that were dropped together: the others are what it was made of. */

/** Returns whether a file is a patch by its name. */
export const isPatchName = (path: string): boolean => /\.(?:patch|diff)$/i.test(path);

/** Lines with which a diff begins, whatever wrote it. */
const BEGINNINGS =
  /^(?:diff --git |Index: .+\r?\n={3,}|diff -r [0-9a-f]{12}|--- [^\n]+\r?\n\+\+\+ [^\n]+\r?\n@@ |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)/m;

/** Returns whether a pasted text is a patch: it holds the header of a file and a hunk, or of a change without one. */
export function isPatchText(text: string): boolean {
  if (!BEGINNINGS.test(text)) return false;
  return (
    /^@@ -\d/m.test(text) ||
    /^(?:rename from |new file mode |deleted file mode |old mode |GIT binary patch|Binary files )/m.test(text)
  );
}
