import { type Cookie, type CookieOptions, createCookie } from "@remix-run/node";

const attributes = { path: "/", sameSite: "lax", httpOnly: true, encode: String, decode: String } as const;

/**
 * Returns a cookie for this site alone. `__Host-` needs HTTPS, which every deployed stage has and a laptop's plain
 * localhost does not; there cookies are shared by all ports, so that each server's have a name of their own.
 */
export function ownCookie(request: Request, name: string, options: Pick<CookieOptions, "maxAge">): Cookie {
  const { protocol, port } = new URL(request.url);
  if (protocol === "https:") return createCookie(`__Host-${name}`, { ...attributes, ...options, secure: true });
  return createCookie(port ? `${name}-${port}` : name, { ...attributes, ...options });
}

/** Returns a cookie's text; undefined without one. */
export async function readCookie(cookie: Cookie, request: Request): Promise<string | undefined> {
  const value: unknown = await cookie.parse(request.headers.get("cookie"));
  return typeof value === "string" && value !== "" ? value : undefined;
}
