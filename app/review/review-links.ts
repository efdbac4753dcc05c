import type { ReviewPage } from "./page";

/** The addresses of the session's other pages, from its review; without a comparison where there is one version. */
export function reviewLinks({ session, head, file, difference }: ReviewPage) {
  const from = difference?.base ?? head.number - 1;
  const at = `/sessions/${session.id}`;
  return {
    modelReview: `${at}/model-review${file ? `?file=${encodeURIComponent(file.path)}` : ""}`,
    history: `${at}/history`,
    compare: head.number > 1 ? `${at}/compare?from=${from}&to=${head.number}` : undefined,
    exportJson: `${at}/export.json`,
    exportSarif: `${at}/export.sarif`,
    exportZip: `${at}/export.zip`,
  };
}
