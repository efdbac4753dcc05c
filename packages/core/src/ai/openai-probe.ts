/** Asks OpenAI-compatible servers about themselves at endpoints of their own, where they have any. */
import * as v from "valibot";
import { followAbort } from "../platform/abort";
import { fetchDirect, RedirectRefused } from "../platform/http";
import { modelKey } from "./model-key";
import { factsOf, rememberDroppedTools, rememberFacts } from "./openai-capabilities";
import type { ModelRoute } from "./schema";

/** A server that does not answer such a question at once does not know it. */
const WITHIN_MS = 1_500;
/** One that did not answer is asked again after this long: it may have been down. */
const AGAIN_AFTER_MS = 60_000;
/** One that says that it is starting knows soon what it holds. */
const STARTED_AFTER_MS = 2_000;
/** No answer to such a question is longer, though chat templates are part of one. */
const MAX_CHARS = 1_000_000;

/** llama.cpp's `GET /props`. Where `supports_tools` is false, its chat template drops tools without a word. */
const propsSchema = v.object({
  default_generation_settings: v.object({ n_ctx: v.optional(v.number()) }),
  chat_template_caps: v.optional(v.object({ supports_tools: v.optional(v.boolean()) })),
});

/** llama.cpp's `GET /slots`. */
const slotsSchema = v.array(v.object({ is_processing: v.boolean() }));

/** Ollama's `GET /api/ps`. */
const loadedSchema = v.object({ models: v.array(v.object({ name: v.string() })) });

/** Finds out once a day whether a server is llama.cpp, what it holds, and whether it drops tools. Never rejects. */
export async function lookAtServer(route: ModelRoute, signal: AbortSignal): Promise<void> {
  if (route.provider.kind !== "openai" || factsOf(route)) return;
  const props = await ask(route, "/props", propsSchema, signal);
  if (signal.aborted) return;
  if (props === "nothing") rememberFacts(route, { isLlamaCpp: false }, AGAIN_AFTER_MS);
  else if (props === "starting") rememberFacts(route, { isLlamaCpp: false }, STARTED_AFTER_MS);
  else if (props === "other") rememberFacts(route, { isLlamaCpp: false });
  else {
    if (props.chat_template_caps?.supports_tools === false) rememberDroppedTools(route);
    const { n_ctx: tokens } = props.default_generation_settings;
    rememberFacts(route, { isLlamaCpp: true, ...(tokens && tokens > 0 && { contextTokens: tokens }) });
  }
}

/**
 * Returns whether a server is busy although it has not begun with the call: one of its slots is taken (llama.cpp), or
 * it loads its model, waits and reads before it sends a header (Ollama). Never rejects.
 */
export async function isAtWork(route: ModelRoute, signal: AbortSignal): Promise<boolean> {
  if (route.provider.kind !== "openai") return false;
  await lookAtServer(route, signal);
  if (!factsOf(route)?.isLlamaCpp) return typeof (await ask(route, "/api/ps", loadedSchema, signal)) === "object";
  const slots = await ask(route, "/slots", slotsSchema, signal);
  return typeof slots === "object" && slots.some((slot) => slot.is_processing);
}

/** Returns whether the server is known to send its headers as soon as a slot takes the call. */
export const announcesItsBeginning = (route: ModelRoute): boolean => factsOf(route)?.isLlamaCpp ?? false;

/** The answer; *other* when it is that of another kind of server, *starting* when it can give none yet, *nothing* when none came. */
async function ask<T extends object>(
  { provider }: ModelRoute,
  path: string,
  schema: v.GenericSchema<unknown, T>,
  signal: AbortSignal,
): Promise<T | "other" | "starting" | "nothing"> {
  if (provider.kind !== "openai") return "other";
  const key = modelKey(provider.keyVariable);
  const headers = { accept: "application/json", ...(key && { authorization: `Bearer ${key}` }) };
  // Such addresses stand beside the protocol's own.
  const url = provider.baseUrl.replace(/\/v1$/, "") + path;
  const closing = new AbortController();
  const unfollow = followAbort(signal, closing);
  const timer = setTimeout(() => closing.abort(), WITHIN_MS);
  try {
    const response = await fetchDirect(url, { method: "GET", headers }, closing.signal);
    if (!response.ok) {
      response.discard();
      return response.status === 503 ? "starting" : "other";
    }
    const parsed = v.safeParse(schema, JSON.parse(await response.text(MAX_CHARS)));
    return parsed.success ? parsed.output : "other";
  } catch (error) {
    return error instanceof SyntaxError || error instanceof RedirectRefused ? "other" : "nothing";
  } finally {
    clearTimeout(timer);
    unfollow();
    closing.abort();
  }
}
