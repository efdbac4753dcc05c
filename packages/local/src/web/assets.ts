/** The browser's files: what the build put into one folder, known by heart since the start. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { acceptedEncodings } from "./compression";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
/** Best first; the build writes these beside the files that shrink. */
const ENCODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
] as const;

interface Asset {
  path: string;
  bytes: number;
  etag: string;
  encodings: Map<string, { path: string; bytes: number }>;
}

/** Responds to requests for the folder's files; `false` means that there is no such file. */
export function serveAssets(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  const assets = readAssets(folder);
  return (request, response) => {
    const pathname = request.url?.split("?", 1)[0] ?? "/";
    const asset = request.method === "GET" || request.method === "HEAD" ? assets.get(pathname) : undefined;
    if (!asset) return false;
    send(asset, pathname, request, response);
    return true;
  };
}

function send(asset: Asset, pathname: string, request: IncomingMessage, response: ServerResponse): void {
  const headers: Record<string, string | number> = {
    // Names under /assets/ carry the hash of their content.
    "cache-control": pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
    "cross-origin-resource-policy": "same-origin",
    etag: asset.etag,
    vary: "accept-encoding",
    "x-content-type-options": "nosniff",
  };
  if (request.headers["if-none-match"] === asset.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const accepted = acceptedEncodings(request.headers["accept-encoding"]);
  const encoding = ENCODINGS.find(({ name }) => accepted.has(name) && asset.encodings.has(name))?.name;
  const { path, bytes } = (encoding && asset.encodings.get(encoding)) ?? asset;
  if (encoding) headers["content-encoding"] = encoding;
  headers["content-length"] = bytes;
  response.writeHead(200, headers);
  if (request.method === "HEAD") response.end();
  // The client may disconnect midway; the file is closed then, without an error.
  else pipeline(createReadStream(path), response, () => undefined);
}

function readAssets(folder: string): Map<string, Asset> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  const files = new Map(
    names.map((name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = statSync(path);
      return [`/${name.split(sep).join("/")}`, { path, bytes: size, mtimeMs }];
    }),
  );
  const assets = new Map<string, Asset>();
  for (const [pathname, file] of files) {
    if (ENCODINGS.some(({ suffix }) => pathname.endsWith(suffix))) continue;
    const encodings = new Map<string, { path: string; bytes: number }>();
    for (const { name, suffix } of ENCODINGS) {
      const encoded = files.get(`${pathname}${suffix}`);
      if (encoded) encodings.set(name, encoded);
    }
    const etag = `"${file.bytes.toString(36)}-${Math.round(file.mtimeMs).toString(36)}"`;
    assets.set(pathname, { path: file.path, bytes: file.bytes, etag, encodings });
  }
  return assets;
}
