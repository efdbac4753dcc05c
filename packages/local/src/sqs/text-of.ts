/** What a client sent where a text belongs, as one. Any JSON is taken: an object may say of itself that it has no text. */
export const textOf = (value: unknown): string =>
  typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
