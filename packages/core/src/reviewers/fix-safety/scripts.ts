/** Statements and declarations of JavaScript and TypeScript that do the same before and after a fix. */
import type { SyntaxNode } from "@lezer/common";
import type { Subject } from "./fix-safety";
import { nodeAround } from "./nodes";

/** Code that may see or change names by their text. */
const readsNames = /\beval\s*[(?]|\bnew\s+Function\b|\bwith\s*\(|%DebugGetLoadedScript/;

/** Returns whether a fix only deletes, and what. */
function deleted({ edits, before }: Subject): string | undefined {
  return edits.every(({ text }) => text.trim() === "")
    ? edits.map(({ start, end }) => before.slice(start, end)).join("")
    : undefined;
}

/** A `continue` that is the last thing its loop does, on the way to where it stands. */
export function continueIsLast(subject: Subject): boolean {
  const text = deleted(subject)?.trim();
  if (text === undefined || !/^continue\s*;?$/.test(text)) return false;
  let node: SyntaxNode | undefined = nodeAround(subject, /^ContinueStatement$/);
  while (node && !/^(?:For|While|Do)\w*Statement$/.test(node.name)) {
    if (/^(?:Function|Arrow|Method|Switch|Try|Labeled)/.test(node.name)) return false;
    const parent: SyntaxNode | undefined = node.parent ?? undefined;
    if (parent?.name === "Block" && nextStatement(node)) return false;
    if (parent?.name === "LabeledStatement" || parent?.name === "TryStatement") return false;
    node = parent;
  }
  return node !== undefined;
}

function nextStatement(node: SyntaxNode): SyntaxNode | undefined {
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    if (/(?:Statement|Declaration)$/.test(next.name) && next.name !== "EmptyStatement") return next;
  }
  return undefined;
}

/** `{ a as a }` and `{ a: a }`, where nothing stands between. */
export function renameIsNothing({ before, edits }: Subject): boolean {
  const start = edits[0]?.start ?? 0;
  const end = edits.at(-1)?.end ?? 0;
  const around = before.slice(Math.max(0, start - 80), end + 80);
  const removed = before.slice(start, end);
  const name = /([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(removed.replace(/\bas\b/, ""))?.[1];
  if (!name || !edits.every(({ text }) => text === "" || text === name)) return false;
  const escaped = name.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\w$])${escaped}\\s*(?:\\bas\\b|:)\\s*${escaped}(?![\\w$])`).test(around);
}

/** A bound that every type fulfils. */
export const constraintIsNothing = (subject: Subject): boolean =>
  /^\s*extends\s+(?:any|unknown)\s*$/.test(deleted(subject) ?? "");

/** A label that nothing names, on a statement that reads the same without it. */
export function labelIsUnused(subject: Subject): boolean {
  const [, label = "", rest] = /^\s*([\w$]+)\s*:(\s*)$/.exec(deleted(subject) ?? "") ?? [];
  if (rest === undefined) return false;
  const end = subject.edits.at(-1)?.end ?? 0;
  const isNamed = new RegExp(`\\b(?:break|continue)\\s+${label.replaceAll("$", "\\$")}(?![\\w$])`).test(subject.before);
  return !isNamed && /^\s*(?:for|while|do|if|switch)\b/.test(subject.before.slice(end));
}

/** Values whose type does not depend on whether they may be replaced. */
const wideValues =
  /^(?:ArrayExpression|ObjectExpression|ArrowFunction|FunctionExpression|ClassExpression|NewExpression|RegExp)$/;

/** `let` that nothing assigns to becomes `const`: no text is run that could assign, and no type is made narrower. */
export function bindingIsConstant(subject: Subject): boolean {
  const { before, language, edits } = subject;
  if (edits.some(({ start, end, text }) => before.slice(start, end) !== "let" || text !== "const")) return false;
  if (readsNames.test(before)) return false;
  const declaration = nodeAround(subject, /^(?:VariableDeclaration|ForSpec|ForOfSpec|ForInSpec)$/);
  if (!declaration) return false;
  const isModule = /^\s*(?:import|export)\b|\brequire\s*\(|\bmodule\.exports\b/m.test(before);
  if (declaration.parent?.name === "Script" && !isModule) return false;
  return language === "javascript" || language === "jsx" || keepsTypes(declaration, before);
}

function keepsTypes(declaration: SyntaxNode, text: string): boolean {
  if (/^For/.test(declaration.name)) return true;
  const names = declaration.getChildren("VariableDefinition");
  if (names.length !== 1 || declaration.getChild("ObjectPattern") || declaration.getChild("ArrayPattern")) return false;
  if (declaration.getChild("TypeAnnotation")) return true;
  let value = declaration.lastChild;
  if (value?.name === ";") value = value.prevSibling;
  if (!value || /^\s*(?:as|satisfies)\b/.test(text.slice(value.to, value.to + 12))) return false;
  if (wideValues.test(value.name)) return true;
  const [name] = names;
  const isLiteral = /^(?:Number|String)$/.test(value.name) && declaration.parent?.name !== "ExportDeclaration";
  return isLiteral && name !== undefined && !isCompared(text.slice(name.from, name.to), text);
}

/** Returns whether the type of a name may matter: as a literal's it may never equal another one. */
function isCompared(name: string, text: string): boolean {
  const word = `(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`;
  const uses = [
    `${word}\\s*(?:[=!]==?|\\?[^.]|&&|\\|\\|)`,
    `(?:[=!]==?|typeof|case|!)\\s*${word}`,
    `(?:if|while|switch)\\s*\\(\\s*${word}\\s*\\)`,
  ];
  return uses.some((use) => new RegExp(use).test(text)) || /\bas const\b/.test(text);
}
