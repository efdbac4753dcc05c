import { createCookie } from "@remix-run/node";
import * as v from "valibot";

const SECONDS_TO_BE_READ = 60;
/** With letters of three bytes it still fits into a cookie. */
export const MESSAGE_CHARS = 800;
const cookie = createCookie("flash", { path: "/", sameSite: "lax", httpOnly: true, maxAge: SECONDS_TO_BE_READ });

const flashSchema = v.object({
  message: v.pipe(v.string(), v.maxLength(MESSAGE_CHARS)),
  /** The id of a session that was moved to the trash: the message then offers to take it back. */
  trashed: v.optional(v.string()),
});

/** A message that an action shows on the page it redirects to. */
export type Flash = v.InferOutput<typeof flashSchema>;

/** Headers for the redirect; the next page shows the message once. */
export async function flash(message: Flash): Promise<{ "set-cookie": string }> {
  return { "set-cookie": await cookie.serialize(message) };
}

/** The message waiting for this page, and the header that says it was read. */
export async function readFlash(request: Request): Promise<{ flash?: Flash; headers: Record<string, string> }> {
  const value: unknown = await cookie.parse(request.headers.get("cookie"));
  if (!value) return { headers: {} };
  const parsed = v.safeParse(flashSchema, value);
  const headers = { "set-cookie": await cookie.serialize("", { maxAge: 0 }) };
  return parsed.success ? { flash: parsed.output, headers } : { headers };
}
