import { createCookie } from "@remix-run/node";
import * as v from "valibot";
import { type Theme, themeSchema } from "../ui/theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

const cookie = createCookie("theme", { path: "/", sameSite: "lax", httpOnly: true, maxAge: YEAR_SECONDS });

/** The theme this browser chose; `system` when it chose none. */
export async function readTheme(request: Request): Promise<Theme> {
  const parsed = v.safeParse(themeSchema, await cookie.parse(request.headers.get("cookie")));
  return parsed.success ? parsed.output : "system";
}

/** The Set-Cookie header that remembers it. */
export function themeCookie(theme: Theme): Promise<string> {
  return cookie.serialize(theme);
}
