/**
 * Calls of tools that a server left in the text, because it does not know how its model writes them: Hermes' and Qwen's
 * `<tool_call>`, Qwen3-Coder's `<function=…>`, Mistral's `[TOOL_CALLS]`, Llama's `<|python_tag|>`, and a bare object.
 */
import { randomUUID } from "node:crypto";
import { endOfJson } from "./json-brackets";
import { toolCallOf } from "./messages";
import type { ToolCall, ToolSpec } from "./schema";

/** A text read from where a call may begin: a call up to `end`, maybe a call once more text arrives, or none. */
export type Reading = { calls: ToolCall[]; end: number } | "maybe" | "no";

type Tools = readonly Pick<ToolSpec, "name" | "inputSchema">[];

const ANYWHERE = ["<tool_call>", "<function=", "[TOOL_CALLS]", "<|python_tag|>"];
const AT_LINE_START = ["{", "```"];

/** Returns whether a call may begin at `at`; also true where the text is too short to tell. */
export function mayBeginCall(text: string, at: number, isLineStart: boolean): boolean {
  const openings = isLineStart ? [...ANYWHERE, ...AT_LINE_START] : ANYWHERE;
  return openings.some(
    (opening) => text.startsWith(opening, at) || opening.startsWith(text.slice(at, at + OPENING_CHARS)),
  );
}

/** Returns whether a text that ends before its call does was meant as a call. */
export const isBegunCall = (text: string, tools: Tools): boolean =>
  (ANYWHERE.some((opening) => text.startsWith(opening)) || text.length > OPENING_CHARS) &&
  readLeakedCall(text, tools, false) === "maybe";

/** Less of an object or a fence is only a beginning that anything may have. */
const OPENING_CHARS = 14;

/** Reads a text from such a place on. `isWhole`: nothing follows. */
export function readLeakedCall(text: string, tools: Tools, isWhole: boolean): Reading {
  const reading = readAt(text, tools, isWhole);
  return reading === "maybe" && isWhole ? "no" : reading;
}

function readAt(text: string, tools: Tools, isWhole: boolean): Reading {
  if (text.startsWith("{")) return readObject(text, 0, known(tools));
  if (text.startsWith("```")) return readFence(text, tools, isWhole);
  if (text.startsWith("<tool_call>")) return readTagged(text, tools, isWhole);
  if (text.startsWith("<function=")) return closed(readFunction(text, 0, tools, true), text, "</tool_call>", isWhole);
  if (text.startsWith("[TOOL_CALLS]")) return readMistral(text, tools);
  if (text.startsWith("<|python_tag|>")) return readObject(text, spaceFrom(text, 14), known(tools));
  return "maybe";
}

function readFence(text: string, tools: Tools, isWhole: boolean): Reading {
  const fence = /^```[ \t]*(?:json|tool_call)?[ \t]*\r?\n/.exec(text);
  if (!fence) return /^```[ \t]*[a-z_]{0,9}[ \t]*\r?$/.test(text) ? "maybe" : "no";
  return closed(readObject(text, spaceFrom(text, fence[0].length), known(tools)), text, "```", isWhole, true);
}

function readTagged(text: string, tools: Tools, isWhole: boolean): Reading {
  const from = spaceFrom(text, "<tool_call>".length);
  const rest = text.slice(from);
  if (rest === "") return "maybe";
  // Between these tags stands nothing but a call: one of a tool that is not there is told so to the model.
  if (/^[[{]/.test(rest))
    return closed(
      readObject(text, from, () => true),
      text,
      "</tool_call>",
      isWhole,
    );
  if (!"<function=".startsWith(rest.slice(0, 10))) return "no";
  return rest.length < 10 ? "maybe" : closed(readFunction(text, from, tools, false), text, "</tool_call>", isWhole);
}

/** `[TOOL_CALLS][{…}, {…}]`, or a name, perhaps `[CALL_ID]…` and `[ARGS]`, and an object. */
function readMistral(text: string, tools: Tools): Reading {
  const from = spaceFrom(text, "[TOOL_CALLS]".length);
  const rest = text.slice(from);
  if (rest === "") return "maybe";
  if (/^[[{]/.test(rest)) return readObject(text, from, known(tools));
  const named = /^([\w.-]{1,64})(?:\[CALL_ID\]\w{0,64})?(?:\[ARGS\])?\s*(?=\{)/.exec(rest);
  if (!named) return /^[\w.-]{1,64}(?:\[[\w\][]{0,80})?\s*$/.test(rest) ? "maybe" : "no";
  if (!known(tools)(named[1] ?? "")) return "no";
  const start = from + named[0].length;
  const end = endOfJson(text, start);
  return end === undefined ? "maybe" : { calls: [callOf(named[1] ?? "", text.slice(start, end))], end };
}

const known = (tools: Tools) => (name: string) => tools.some((tool) => tool.name === name);

/** `{"name": …, "arguments": {…}}`, or a list of those. */
function readObject(text: string, from: number, isTool: (name: string) => boolean): Reading {
  const rest = text.slice(from);
  const begun = /^\[?\s*\{\s*(?:"type"\s*:\s*"function"\s*,\s*)?"name"\s*:\s*"([^"]*)"/.exec(rest);
  if (!begun) return mayBecomeNamed(rest) ? "maybe" : "no";
  if (!isTool(begun[1] ?? "")) return "no";
  const end = endOfJson(text, from);
  if (end === undefined) return "maybe";
  const json = text.slice(from, end);
  const calls = callsIn(json);
  // Meant as a call, though it is no JSON: the model is told so.
  if (calls === undefined) return { calls: [toolCallOf(newId(), begun[1] ?? "", json)], end };
  return calls.length > 0 && calls.every(({ name }) => isTool(name)) ? { calls, end } : "no";
}

/** Returns whether the beginning of an object may still name a call. */
function mayBecomeNamed(begun: string): boolean {
  const bare = begun.replace(/\s+/g, "");
  if (/^\[?\{(?:"type":"function",)?"name":(?:"[^"]*)?$/.test(bare)) return true;
  const openings = ['{"type":"function","name":', '{"name":'];
  return openings.some((opening) => opening.startsWith(bare) || `[${opening}`.startsWith(bare));
}

function callsIn(json: string): ToolCall[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return [value].flat().flatMap((each) => {
    const { name, arguments: input, parameters } = (each ?? {}) as Record<string, unknown>;
    const given = input ?? parameters ?? {};
    if (typeof name !== "string") return [];
    return callOf(name, typeof given === "string" ? given : JSON.stringify(given));
  });
}

const newId = () => `call_${randomUUID()}`;
const callOf = (name: string, json: string): ToolCall => toolCallOf(newId(), name, json);

/** `<function=name>`, `<parameter=key>` and its value for each, `</function>`. */
function readFunction(text: string, from: number, tools: Tools, isBare: boolean): Reading {
  const rest = text.slice(from);
  const opening = /^<function=([\w.-]{1,64})>\s*/.exec(rest);
  if (!opening) return /^<function=[\w.-]{0,64}$/.test(rest) ? "maybe" : "no";
  const name = opening[1] ?? "";
  const tool = tools.find((each) => each.name === name);
  if (!tool && isBare) return "no";
  const input: Record<string, unknown> = {};
  let at = opening[0].length;
  for (;;) {
    const left = rest.slice(at);
    if (left.startsWith("</function>")) return { calls: [{ id: newId(), name, input }], end: from + at + 11 };
    if ("</function>".startsWith(left) || "<parameter=".startsWith(left)) return "maybe";
    const parameter = /^<parameter=([\w.-]{1,64})>/.exec(left);
    if (!parameter) return /^<parameter=[\w.-]{0,64}$/.test(left) ? "maybe" : "no";
    // A value may hold such tags itself: its own is the one behind which the call goes on.
    const value = /^([\s\S]*?)<\/parameter>\s*(?=<parameter=|<\/function>)/.exec(left.slice(parameter[0].length));
    if (!value) return "maybe";
    input[parameter[1] ?? ""] = parseValue(value[1] ?? "", parameter[1] ?? "", tool);
    at += parameter[0].length + value[0].length;
  }
}

/** Values are bare text: JSON only where the tool wants something else than a text. */
function parseValue(raw: string, key: string, tool: Tools[number] | undefined): unknown {
  const text = raw.replace(/^\r?\n/, "").replace(/\r?\n$/, "");
  const properties = tool?.inputSchema.properties as Record<string, { type?: unknown }> | undefined;
  if (properties?.[key]?.type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The call with the mark that closes it. Where that is missing the call stands, unless it is *required*. */
function closed(reading: Reading, text: string, mark: string, isWhole: boolean, isRequired = false): Reading {
  if (typeof reading === "string") return reading;
  const from = spaceFrom(text, reading.end);
  if (text.startsWith(mark, from)) return { ...reading, end: from + mark.length };
  const mayFollow = !isWhole && mark.startsWith(text.slice(from));
  if (mayFollow) return "maybe";
  return isRequired ? "no" : reading;
}

const spaceFrom = (text: string, from: number) => from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
