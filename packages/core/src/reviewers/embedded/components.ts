/** Components of Vue, Svelte and Astro: their scripts are read, and what their templates use counts as used. */
import type { RawFinding } from "../engines/engine";
import { plainView, type View } from "./view";

type Framework = "vue" | "svelte" | "astro";
type Block = { from: number; to: number };

/** What a template changes behind the script's back, or a framework gives another meaning. */
const unknowable =
  /\/(?:useConst|noUnassignedVariables|noUnusedLabels|noUselessLabel|noSelfAssign|noConfusingLabels|noInvalidUseBeforeDeclaration|noRedeclare)$/;

export function componentView(text: string, framework: Framework): View {
  const blocks = framework === "astro" ? frontmatter(text) : scripts(text);
  const template = without(text, blocks);
  return {
    ...plainView,
    text: only(text, blocks),
    language: "typescript",
    ...(blocks.length === 0 && { reason: "has no script" }),
    // The script of an Astro page is the body of a function.
    isError: ({ message }) => framework !== "astro" || !/\breturn\b/i.test(message),
    isTrue: (finding) => !unknowable.test(finding.rule) && !isUsed(finding, text, template),
  };
}

function scripts(text: string): Block[] {
  return [...text.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)]
    .filter(([, attributes = ""]) => !/\bsrc\s*=|\btype\s*=\s*["'](?!module|text\/javascript)/.test(attributes))
    .map(({ 0: whole, 1: attributes = "", 2: code = "", index }) => {
      const from = index + whole.indexOf(">", "<script".length + attributes.length) + 1;
      return { from, to: from + code.length };
    });
}

function frontmatter(text: string): Block[] {
  const [whole, opening = ""] = /^(\s*---[ \t]*\r?\n)[\s\S]*?^---[ \t]*\r?$/m.exec(text) ?? [];
  return whole ? [{ from: opening.length, to: whole.trimEnd().length - 3 }] : [];
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** The blocks at their places, and blanks for the rest. */
function only(text: string, blocks: readonly Block[]): string {
  let result = "";
  let at = 0;
  for (const { from, to } of blocks) {
    result += blank(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return result + blank(text.slice(at));
}

function without(text: string, blocks: readonly Block[]): string {
  let result = "";
  let at = 0;
  for (const { from, to } of blocks) {
    result += text.slice(at, from);
    at = to;
  }
  return result + text.slice(at);
}

/** A name stands in the template as it is, with a store's `$`, or as an element with hyphens. */
function isUsed({ rule, start, end }: RawFinding, text: string, template: string): boolean {
  if (!/\/noUnused(?:Variables|Imports|FunctionParameters)$/.test(rule)) return false;
  const names = text.slice(start, end).match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  const words = new Set(template.match(/[\p{ID_Start}_][\p{ID_Continue}-]*/gu) ?? []);
  const parts = new Set([...words].flatMap((word) => word.split("-")));
  return names.some((name) => words.has(name) || parts.has(name) || words.has(hyphened(name)));
}

const hyphened = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
