/** Converts any JSON that a client sent in place of a string; an object's `toString` member may not be a function. */
export const textOf = (value: unknown): string =>
  typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
