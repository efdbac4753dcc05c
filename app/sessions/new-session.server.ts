import type { Actor } from "@redline/core/auth/schema";
import { createFromPatch } from "@redline/core/differences/index";
import { isPatchName, isPatchText } from "@redline/core/differences/schema";
import { AppError, toErrorShape } from "@redline/core/errors";
import { LIMITS } from "@redline/core/limits";
import { createSession } from "@redline/core/sessions/index";
import { data } from "@remix-run/node";
import * as v from "valibot";
import { readForm, requireTexts } from "../http/body.server";
import { formText } from "../http/form-text.server";

/** File metadata sent by the page's script, in the order of `files`, including files already uploaded. */
const manifestSchema = v.array(
  v.object({ path: v.string(), language: v.optional(v.string()), uploadKey: v.optional(v.string()) }),
);

type Manifest = v.InferOutput<typeof manifestSchema>;

/** The fields that are text; `files` may be left empty, which browsers send as a file without a name. */
const TEXTS = ["key", "team", "name", "text", "language", "manifest"];

/** Above the session limit, so that core's own limits report first. */
const MAX_BODY_BYTES = LIMITS.session.maxBytes * 2;

/** Reads the form. Throws FILE_TOO_LARGE before reading a body above the limit. */
export async function readNewSessionForm(request: Request): Promise<FormData> {
  if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) {
    throw new AppError("FILE_TOO_LARGE", "These files total more than 20 MB, the limit for a session.", {
      field: "files",
    });
  }
  const form = await readForm(request);
  for (const name of TEXTS) requireTexts(form, name);
  return form;
}

/** Creates a session from the form, submitted with or without JavaScript. */
export async function createFromForm(actor: Actor, form: FormData) {
  const text = formText(form, "text") ?? "";
  const { files, uploads } = await readFiles(form);
  const teamId = formText(form, "team") || undefined;
  if (isPatch(form, text, [...files, ...uploads])) {
    const pasted = isPatchText(text) ? text.replaceAll("\r\n", "\n") : "";
    const given = {
      key: formText(form, "key") ?? "",
      name: formText(form, "name") ?? "",
      teamId,
      pasted,
      files,
      uploads,
    };
    return { session: await createFromPatch(actor, given), skipped: [] };
  }
  return createSession(actor, {
    key: formText(form, "key") ?? "",
    teamId,
    name: formText(form, "name") ?? "",
    // Browsers send a field's line ends as CRLF whatever was pasted.
    pasted: [{ path: "", text: text.replaceAll("\r\n", "\n"), language: formText(form, "language") || undefined }],
    files,
    uploads,
    convert: form.get("convert") === "on",
  });
}

/** Returns whether a patch was dropped or pasted, and not meant as a file like any other. */
function isPatch(form: FormData, text: string, files: readonly { path: string }[]): boolean {
  if (form.get("as") === "files") return false;
  return files.some(({ path }) => isPatchName(path)) || (isPatchText(text) && !formText(form, "language"));
}

async function readFiles(form: FormData) {
  const sent = form.getAll("files").filter((each): each is File => each instanceof File && each.name !== "");
  const manifest: Manifest = parseManifest(form) ?? sent.map(({ name }) => ({ path: name }));
  const files: { path: string; bytes: Uint8Array<ArrayBuffer>; language?: string }[] = [];
  const uploads: { key: string; path: string; language?: string }[] = [];
  let next = 0;
  for (const { path, language, uploadKey } of manifest) {
    if (uploadKey) {
      uploads.push({ key: uploadKey, path, language });
      continue;
    }
    const file = sent[next++];
    if (!file)
      throw new AppError("INVALID_INPUT", `${path.slice(0, 80)} didn't upload. Choose it again.`, { field: "files" });
    files.push({ path, language, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  return { files, uploads };
}

function parseManifest(form: FormData): Manifest | undefined {
  const given = formText(form, "manifest");
  if (!given) return undefined;
  try {
    return v.parse(manifestSchema, JSON.parse(given));
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "Couldn't read the file list. Choose the files again.", {
      field: "files",
      cause,
    });
  }
}

/** Returns the error with the submitted values, so that the form keeps them. */
export function withSubmittedValues(error: AppError, form: FormData | undefined, requestId: string) {
  const typed = form && {
    name: formText(form, "name") ?? "",
    text: formText(form, "text") ?? "",
    language: formText(form, "language") ?? "",
  };
  return data({ ...toErrorShape(error, requestId), typed }, { status: error.status });
}
