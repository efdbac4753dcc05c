/** Returns text whose code stands between backticks as plain words, for places that can't set code: titles and labels. */
export const toPlainText = (text: string): string => text.replace(/`([^`\n]+)`/g, "$1");
