/** The delimiter around material in a prompt: random, so that nothing in the material can end it. */
import { randomBytes } from "node:crypto";

/**
 * Returns a delimiter for the start and end of material: 144 random bits, which no author of the material can know.
 * Draws again in the event that one of `texts` holds it.
 */
export function generateBoundary(texts: readonly string[], draw: () => string = randomBoundary): string {
  for (;;) {
    const boundary = draw();
    if (!holdsBoundary(texts, boundary)) return boundary;
  }
}

const randomBoundary = (): string => `=====MATERIAL-${randomBytes(18).toString("base64url")}=====`;

/**
 * Returns whether a text contains a boundary, or something that a model could take for it: its random part in any case
 * and with anything but letters and digits between its characters. A stored boundary can get into the material, as when
 * a model quoted it in an answer and a user pasted that.
 */
export function holdsBoundary(texts: readonly string[], boundary: string): boolean {
  const characters = boundary.replace(/^=+MATERIAL-/, "").match(/[A-Za-z0-9]/g);
  if (!characters) return texts.some((text) => text.includes(boundary));
  const alike = new RegExp(characters.join("[^A-Za-z0-9]*"), "i");
  return texts.some((text) => alike.test(text));
}
