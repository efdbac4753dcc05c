/** Returns a response that the browser saves as a file. `stem` may be any text; `extension` is without the dot. */
export function download(body: BodyInit, { stem, extension, type }: { stem: string; extension: string; type: string }) {
  const clean = stem.replace(/[^\p{L}\p{N} ._-]+/gu, "-").replace(/^[ .-]+|[ .-]+$/g, "") || "session";
  const name = `${clean.slice(0, 100)}.${extension}`;
  const ascii = name.replace(/[^ -~]/g, "_");
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  });
}
