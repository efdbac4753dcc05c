import * as v from "valibot";
import { ProposedEditsSchema } from "../tools";
import type { SuggestedPatch } from "./suggestion";

const line = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]), v.integer());
const patchSchema = v.object({
  start_line: line,
  end_line: line,
  replacement: v.string(),
  original: v.optional(v.string()),
});
const answerSchema = v.object({
  explanation: v.optional(v.string()),
  summary: v.optional(v.string()),
  suggested_code: v.nullish(v.string()),
  patch: v.nullish(v.union([patchSchema, v.array(patchSchema)])),
  edits: v.optional(ProposedEditsSchema),
});

/** A JSON answer: its text for the reader, and the patches it suggests. */
export type JsonAnswer = { text: string; summary?: string; patches: SuggestedPatch[]; code: string };

/** Reads the JSON object of model-protocol.md; undefined when the text is none. */
export function readJsonAnswer(text: string): JsonAnswer | undefined {
  const parsed = v.safeParse(answerSchema, parseJson(text));
  if (!parsed.success) return undefined;
  const { explanation, summary, suggested_code: code, patch, edits } = parsed.output;
  const words = explanation ?? summary;
  if (words === undefined && !patch && !edits) return undefined;
  const patches: SuggestedPatch[] = [patch ?? []].flat().map((each) => ({
    format: "lines",
    startLine: each.start_line,
    endLine: each.end_line,
    replacement: each.replacement,
    ...(each.original !== undefined && { original: each.original }),
  }));
  if (edits) patches.push({ format: "edits", edits });
  const replacements = patches.map((each) =>
    each.format === "lines"
      ? each.replacement
      : each.format === "edits"
        ? each.edits.map((edit) => ("delete" in edit ? "" : edit.replacement)).join("\n")
        : "",
  );
  const toCopy = code ?? replacements.join("\n");
  // Code without a place is shown as code: there is nothing to prove.
  const shown = patches.length === 0 && code ? `${words ?? ""}\n\n${fenced(code)}` : (words ?? "");
  return { text: shown, patches, code: toCopy, ...(words !== undefined && { summary: firstSentence(words) }) };
}

const firstSentence = (text: string): string =>
  (/^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim()).replace(/\s+/g, " ").slice(0, 200);

function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${code}${code.endsWith("\n") ? "" : "\n"}${fence}`;
}

export function parseJson(text: string): unknown {
  for (const candidate of [text, withEscapedBreaks(text)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Tried once more with the line breaks in strings escaped, which small models forget.
    }
  }
  return undefined;
}

function withEscapedBreaks(text: string): string {
  let result = "";
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "\\" && isInString) {
      result += char + (text[at + 1] ?? "");
      at++;
    } else {
      if (char === '"') isInString = !isInString;
      result += isInString && char in BREAKS ? BREAKS[char] : char;
    }
  }
  return result;
}

const BREAKS: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
