/** Fields of the model review form. */
export const SCOPES = ["file", "selection", "session", "difference"] as const;
export type ReviewScopeChoice = {
  scope: (typeof SCOPES)[number];
  file: string;
  /** The selection's lines. */
  from: string;
  to: string;
  /** The version to compare with the head. */
  since: string;
};

export function parseChoice(fields: URLSearchParams | FormData, firstPath: string): ReviewScopeChoice {
  const text = (name: string) => fields.get(name)?.toString().trim() ?? "";
  const scope = SCOPES.find((each) => each === text("scope")) ?? (text("from") ? "selection" : "file");
  return { scope, file: text("file") || firstPath, from: text("from"), to: text("to"), since: text("since") };
}

export const choiceFields = (choice: ReviewScopeChoice): [string, string][] => Object.entries(choice);

/** Returns the URL of the model review form for a line range. */
export function modelReviewHref(sessionId: string, file: string, lines: { first: number; last: number }): string {
  const query = new URLSearchParams({ file, from: String(lines.first), to: String(lines.last) });
  return `/sessions/${sessionId}/model-review?${query}`;
}
