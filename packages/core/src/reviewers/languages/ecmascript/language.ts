import type { ContentDetector, Language } from "../language";

export const typescript: Language = {
  id: "typescript",
  label: "TypeScript",
  extensions: ["ts", "mts", "cts"],
  grammar: "TypeScript",
  hasFunctions: true,
};

export const tsx: Language = {
  id: "tsx",
  label: "TSX",
  extensions: ["tsx"],
  grammar: "TSX",
  hasElements: true,
  hasFunctions: true,
};

/** Plain JavaScript files may hold JSX, and the JSX grammar reads both. */
export const javascript: Language = {
  id: "javascript",
  label: "JavaScript",
  extensions: ["js", "mjs", "cjs"],
  interpreters: ["node", "deno", "bun"],
  grammar: "JSX",
  hasElements: true,
  hasFunctions: true,
};

export const jsx: Language = {
  id: "jsx",
  label: "JSX",
  extensions: ["jsx"],
  grammar: "JSX",
  hasElements: true,
  hasFunctions: true,
};

const STATEMENT =
  /^\s*(?:import\s.*from\s+["']|import\s+["']|export\s|(?:const|let|var)\s+[\w{[]|(?:async\s+)?function\b|class\s+\w+)/m;
const TYPE = /^\s*(?:interface\s+\w+\s*\{|type\s+\w+\s*=|enum\s+\w+\s*\{)/m;

export const detectEcmaScript: ContentDetector = (head) => {
  if (STATEMENT.test(head)) return detectDialect(head);
  return TYPE.test(head) ? typescript.id : undefined;
};

function detectDialect(head: string): string {
  const types =
    /\binterface\s+\w+|\btype\s+\w+\s*(?:<[^>]*>)?\s*=|:\s*(?:string|number|boolean|void|unknown|any|never|Promise<|Array<|\w+\[\])|\bimport\s+type\b|\bas\s+(?:const|string|number|\w+\[\])|\benum\s+\w+\s*\{|\bimplements\s/.test(
      head,
    );
  const markup = /(?:return|=>|\()\s*\(?\s*<[A-Za-z>]/.test(head) && /<\/[\w.]*>|\/>/.test(head);
  if (types) return markup ? tsx.id : typescript.id;
  return markup ? jsx.id : javascript.id;
}
