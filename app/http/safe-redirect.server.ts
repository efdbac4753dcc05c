// biome-ignore lint/style/noRestrictedImports: the one place that redirects are made in
import { redirect, type TypedResponse } from "@remix-run/node";

/** Longer than any address of ours; more would not fit into a header everywhere. */
const LONGEST_CHARS = 4_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop some of them, which makes another address
const CONTROLS = /[\0-\x1f\x7f]/;
/** Characters that become syntax when a path is decoded again: control characters, `%`, `/`, `\`. */
const ENCODED_SYNTAX = /%(?:[01][0-9a-f]|2[5f]|5c|7f)/i;

/**
 * Returns the path, query and fragment on this site that a target means, written so that no browser can read it as
 * another site; `fallback` for a target that is, or could be read as, any other place.
 */
export function safeRedirect(request: Request, target: unknown, fallback: string): string {
  const { origin } = new URL(request.url);
  return (typeof target === "string" && sitePath(target, origin)) || fallback;
}

/** Returns a 302 to a page of this site, or to `fallback` when the target is none. Nothing else here redirects. */
export function redirectWithin(
  request: Request,
  target: unknown,
  { headers, fallback = "/" }: { headers?: HeadersInit; fallback?: string } = {},
): TypedResponse<never> {
  return redirect(safeRedirect(request, target, fallback), { headers });
}

function sitePath(target: string, origin: string): string | undefined {
  // Neither `http:page` nor `blob:http://…`, which have our origin to a parser but were not written by us.
  if (!target.startsWith("/") && !target.startsWith(`${origin}/`)) return undefined;
  if (CONTROLS.test(target) || /^[^?#]*\\/.test(target) || !URL.canParse(target, origin)) return undefined;
  const url = new URL(target, origin);
  if (url.origin !== origin) return undefined;
  // Dot segments are gone by now, and may have left two slashes side by side: the beginning of a host.
  if (url.pathname.includes("//") || ENCODED_SYNTAX.test(url.pathname)) return undefined;
  const path = `${url.pathname}${url.search}${url.hash}`.replaceAll("\\", "%5C");
  return path.length <= LONGEST_CHARS ? path : undefined;
}
