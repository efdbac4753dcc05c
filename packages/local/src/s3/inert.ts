/** Makes stored objects inert: never a page, a picture with scripts or a program in the browser that opens one. */

/** Media types that no browser runs, composes or hands to another program. */
const HARMLESS = /^(?:text\/(?:plain|csv)|application\/(?:json|octet-stream)|image\/(?:png|jpeg|gif|webp))$/;
/** Media types that browsers run or draw as a document. */
const ACTIVE = /html|xml|svg|(?:java|ecma|vb|live|j)script|multipart|pdf|flash|wasm|rfc822/;

/** The headers that describe content, changed where they would let it act: then it is text, and saved instead of shown. */
export function inert(headers: Record<string, string>): Record<string, string> {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (HARMLESS.test(type)) return headers;
  const disposition = headers["content-disposition"] ?? "";
  return {
    ...headers,
    "content-disposition": /^attachment\s*(?:;|$)/i.test(disposition) ? disposition : "attachment",
    // Browsers would sniff the type where this is not a valid one.
    ...((ACTIVE.test(type) || !/^[\w.+-]+\/[\w.+-]+$/.test(type)) && { "content-type": "text/plain; charset=utf-8" }),
  };
}
