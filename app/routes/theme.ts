import { AppError } from "@redline/core/errors";
import * as v from "valibot";
import { readTextForm } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { themeCookie } from "../http/theme-cookie.server";
import { themeSchema } from "../ui/theme";

const formSchema = v.object({ theme: themeSchema, returnTo: v.optional(v.string(), "/") });

/** `POST /theme` with `theme` and, for forms without JavaScript, the path to return to. */
export const action = withResponseErrors(async ({ request }) => {
  const parsed = v.safeParse(formSchema, Object.fromEntries(await readTextForm(request)));
  if (!parsed.success) throw new AppError("INVALID_INPUT", parsed.issues[0].message, { field: "theme" });
  const { theme, returnTo } = parsed.output;
  return redirectWithin(request, returnTo, { headers: { "set-cookie": await themeCookie(theme) } });
});
