import type { IncomingMessage } from "node:http";
import { constants, createGzip, type Gzip } from "node:zlib";

/** Pages of code shrink to a tenth, which is what a slow line between the laptop and a phone or a tunnel feels. */
const COMPRESSIBLE = /^(text\/(html|plain|css|x-script)|application\/json)\b/;
/** More shrinks pages hardly further and costs twice the time. */
const LEVEL = 4;

/**
 * A compressor for this response, when the client takes one and it pays, with the response's headers changed to say so.
 * It passes on each part as it comes, so that streamed pages stay streamed. Event streams are left alone.
 */
export function compressorFor(
  incoming: IncomingMessage,
  headers: Record<string, string | string[]>,
  hasBody: boolean,
): Gzip | undefined {
  if (!hasBody || headers["content-encoding"] !== undefined) return undefined;
  if (!COMPRESSIBLE.test(String(headers["content-type"] ?? ""))) return undefined;
  headers.vary = headers.vary ? `${headers.vary}, accept-encoding` : "accept-encoding";
  if (!acceptedEncodings(incoming.headers["accept-encoding"]).has("gzip")) return undefined;
  headers["content-encoding"] = "gzip";
  delete headers["content-length"];
  return createGzip({ level: LEVEL, flush: constants.Z_SYNC_FLUSH });
}

/** The encodings that an Accept-Encoding header names and does not rule out with `q=0`. */
export function acceptedEncodings(header: string | string[] = ""): Set<string> {
  const parts = String(header)
    .toLowerCase()
    .split(",")
    .map((part) => part.replaceAll(" ", ""));
  return new Set(parts.filter((part) => !/;q=0(\.0*)?$/.test(part)).map((part) => part.split(";", 1)[0] ?? ""));
}
