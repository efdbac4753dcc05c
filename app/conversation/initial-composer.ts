import type { ReviewPage } from "../review/page";
import type { ComposerState } from "./use-conversation";

/** Returns the composer requested by the URL: for the file or one of its findings. */
export function initialComposer({ file, findings }: ReviewPage, findingId: string | null): ComposerState | null {
  if (!file || findingId === null) return null;
  const found = findings.find((finding) => finding.identity === findingId);
  if (!found) return { path: file.path };
  const { identity, title, startLine, endLine } = found;
  return { path: file.path, lines: { first: startLine, last: endLine }, finding: { identity, title } };
}
