/** Imports that are there for others: re-exports, fixtures, what may be missing. */
import type { RawFinding } from "../engine";

/** Returns whether an unused import serves someone else. */
export function isForOthers(
  { start, end, title }: RawFinding,
  { path, text }: { path: string; text: string },
): boolean {
  if (/(?:^|\/)(?:__init__|conftest|_?compat\w*|\w*_compat|api|exports)\.pyi?$/.test(path)) return true;
  // Ruff proposes find_spec where an import is a question.
  if (/find_spec/.test(title) || isInTry(text, start)) return true;
  return isBarrel(text) || isFixture(boundName(text, start, end), text);
}

/** The name that an import binds: the last of `a.b as c`. */
function boundName(text: string, start: number, end: number): string {
  return /(\w+)\s*$/.exec(text.slice(start, end))?.[1] ?? "";
}

/** Returns whether a test function has a parameter of the name, or a mark names it: a fixture that pytest finds by its name. */
export const isFixture = (name: string, text: string): boolean =>
  name !== "" &&
  new RegExp(String.raw`\bdef (?:test_)?\w+\s*\([^)]*\b${name}\b|usefixtures\([^)]*["']${name}["']`).test(text) &&
  /\bdef test_|\bpytest\b/.test(text);

function isInTry(text: string, start: number): boolean {
  const before = text.slice(0, start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  if (indent === "") return false;
  const opener = before.split("\n").findLast((each) => each.trim() !== "" && !each.startsWith(indent));
  return /^\s*(?:try|except\b.*|else)\s*:/.test(opener ?? "");
}

/** Returns whether a module only imports: it gathers names for others. */
function isBarrel(text: string): boolean {
  const code = text
    .replace(/^\s*(?:[rRuU]?"""[\s\S]*?"""|[rRuU]?'''[\s\S]*?''')/, "")
    .replace(/\([^()]*\)|\[[^[\]]*\]/g, "()")
    .replace(/#[^\n]*/g, "");
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  const imports = lines.filter((line) => /^\s*(?:import|from)\s/.test(line)).length;
  const others = lines.filter(
    (line) =>
      !/^\s*(?:import|from)\s|^__\w+__\s*(?::[^=]+)?\+?=|^(?:if|try|else|except)\b.*:|^\s+pass$|^\s*\)/.test(line),
  );
  return imports > 1 && others.every((line) => /^\w+\s*(?::[^=]+)?=\s*[\w.]+\s*$/.test(line));
}
