import { AppError } from "@redline/core/errors";
import { presignUpload } from "@redline/core/sessions/index";
import * as v from "valibot";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

const bodySchema = v.object({ path: v.string(), bytes: v.number() });

/** `POST /uploads` with `{path, bytes}`: the form that the browser posts a large file to, `{url, fields, key}`. */
export const action = withResponseErrors(async ({ request }) => {
  const body = v.safeParse(bodySchema, await readJsonObject(request));
  if (!body.success) throw new AppError("INVALID_INPUT", "Send the file's path and size in bytes.", { field: "files" });
  return Response.json(await presignUpload(await getActor(request), body.output));
});
