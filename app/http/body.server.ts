import { AppError } from "@redline/core/errors";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
const FORM_TYPE = /^(application\/x-www-form-urlencoded|multipart\/form-data)$/;
/** Matches an escaped surrogate in JSON. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * The JSON object that a request carries, said to be JSON or, as `fetch` says of any string, plain text. Throws
 * INVALID_INPUT for anything else, and for text that UTF-8 cannot hold, as it could not be stored as it is.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever was sent; the operation that it is for parses it
export async function readJsonObject(request: Request): Promise<Record<string, any>> {
  const type = mediaTypeOf(request);
  if (type !== "" && type !== "text/plain" && !JSON_TYPE.test(type)) {
    throw new AppError("INVALID_INPUT", "Send JSON as application/json. Nothing was changed.");
  }
  const bytes = await wholeBody(() => request.arrayBuffer());
  const value = parsed(bytes);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new AppError("INVALID_INPUT", "The request body must be a JSON object. Nothing was changed.");
}

/** The form that a request carries, files among it. Throws INVALID_INPUT for anything else. */
export async function readForm(request: Request): Promise<FormData> {
  if (!FORM_TYPE.test(mediaTypeOf(request))) {
    throw new AppError("INVALID_INPUT", "Send form data. Nothing was changed.");
  }
  return wholeBody(() => request.formData());
}

/** Parses a form of text fields only. Throws INVALID_INPUT, naming the field, where a file was sent instead. */
export async function readTextForm(request: Request): Promise<FormData> {
  const form = await readForm(request);
  for (const name of form.keys()) requireTexts(form, name);
  return form;
}

/** Throws INVALID_INPUT when a file was sent as this field. */
export function requireTexts(form: FormData, name: string): void {
  if (form.getAll(name).every((value) => typeof value === "string")) return;
  const field = name.slice(0, 80);
  throw new AppError("INVALID_INPUT", `The field ${field} must be text, not a file.`, { field });
}

const mediaTypeOf = ({ headers }: Request): string =>
  (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/** Reads the whole body. Throws what the server says of one that is too large or broke off, else INVALID_INPUT. */
async function wholeBody<Body>(read: () => Promise<Body>): Promise<Body> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("INVALID_INPUT", "The request could not be read. Nothing was changed.", { cause });
  }
}

function parsed(bytes: ArrayBuffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!SURROGATE.test(text) || isWellFormed(value)) return value;
  } catch {
    // Said below, without quoting what was sent.
  }
  throw new AppError("INVALID_INPUT", "The request is not well-formed JSON. Nothing was changed.");
}

/** Returns whether each string in the value is well-formed UTF-16. Walks without recursion, as nesting may be deep. */
function isWellFormed(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each === "string" && /\p{Surrogate}/u.test(each)) return false;
    if (typeof each === "object" && each !== null) left.push(...Object.keys(each), ...Object.values(each));
  }
  return true;
}
