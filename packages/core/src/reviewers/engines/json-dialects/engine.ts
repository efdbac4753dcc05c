import type { parseExpression } from "@babel/parser";
import type { Engine, ParseError } from "../engine";
import { jsonDialectsInfo } from "./info";

export function createJsonDialects(): Engine {
  let parse: typeof parseExpression | undefined;
  return {
    ...jsonDialectsInfo,
    async prepare(language) {
      if (language === "json5") parse ??= (await import("@babel/parser")).parseExpression;
    },
    check: ({ text, language }) => ({
      findings: [],
      parseErrors: language === "jsonl" ? errorsOfLines(text) : errorsOfJson5(text, parse),
    }),
  };
}

/** The first broken line. */
function errorsOfLines(text: string): ParseError[] {
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    try {
      if (line.trim() !== "") JSON.parse(line);
    } catch {
      return [{ message: "This line is not a JSON value", start: index, end: index + line.length }];
    }
  }
  return [];
}

/** JSON5 is a part of JavaScript's expressions: whatever is no expression is no JSON5 either. */
function errorsOfJson5(text: string, parse: typeof parseExpression | undefined): ParseError[] {
  if (!parse) throw new Error("The parser for JSON5 was not prepared.");
  try {
    parse(text, { attachComment: false });
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = Math.min((error as { pos?: number }).pos ?? 0, text.length);
    return [{ message: error.message.replace(/\s*\(\d+:\d+\)$/, ""), start: at, end: at + 1 }];
  }
}
