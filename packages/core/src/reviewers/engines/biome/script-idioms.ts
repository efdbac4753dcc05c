/** Idioms of scripts that rules mistake for slips. */
import type { SyntaxNode } from "@lezer/common";
import type { Syntax } from "../../syntax";
import type { RawFinding } from "../engine";

export function ancestor(node: SyntaxNode | undefined, name: string): SyntaxNode | undefined {
  for (let at = node; at; at = at.parent ?? undefined) if (at.name === name) return at;
  return undefined;
}

const givesNumber =
  /^(?:Number|parseInt|parseFloat|Number\.parse(?:Int|Float)|Math\.\w+|Date\.(?:now|parse|UTC))\s*\(|\.(?:getTime|valueOf|charCodeAt|codePointAt|indexOf|getFullYear|getMonth|getDate|getHours|getMinutes|getSeconds|length|which|keyCode|status)(?:\s*\([^()]*\))?$/;

/** Returns whether an expression is a number for sure: by what it calls, its operators, its type or what it was made of. */
export function isNumber(node: SyntaxNode | undefined, syntax: Syntax, depth = 0): boolean {
  if (!node || depth > 3) return false;
  const text = syntax.textOf(node);
  if (node.name === "Number" || givesNumber.test(text)) return true;
  if (node.name === "UnaryExpression") return /^[+~-]/.test(text);
  if (node.name === "BinaryExpression")
    return /[*/%&|^-]|>>|<</.test(syntax.text.slice(node.firstChild?.to, node.lastChild?.from));
  if (node.name === "ParenthesizedExpression")
    return isNumber(node.firstChild?.nextSibling ?? undefined, syntax, depth + 1);
  if (node.name === "MemberExpression") {
    const assigned = syntax.text.slice(Math.max(0, node.from - 600), node.from).split(`${text} = `);
    return assigned.length > 1 && /^(?:\+|Number\b|parse(?:Int|Float)\b|Math\.)/.test(assigned.at(-1) ?? "");
  }
  return node.name === "VariableName" && isNumericName(text, node, syntax, depth);
}

/** Looks at the declaration of a name that comes last before its use. */
function isNumericName(name: string, use: SyntaxNode, syntax: Syntax, depth: number): boolean {
  const escaped = name.replaceAll("$", "\\$");
  const before = syntax.text.slice(0, use.from);
  if (new RegExp(`[(,\\s]${escaped}\\??\\s*:\\s*(?:number|Date)\\b[^;{]{0,200}`).test(before.slice(-4_000)))
    return true;
  const declarations = [
    ...before.matchAll(new RegExp(`(?:const|let|var)\\s+${escaped}(?![\\w$])(?:\\s*:\\s*number)?\\s*=\\s*`, "g")),
  ];
  const last = declarations.at(-1);
  if (!last) return false;
  if (/:\s*number\s*=/.test(last[0])) return true;
  const value = syntax.tree.resolveInner(last.index + last[0].length, 1);
  let whole: SyntaxNode = value;
  while (whole.parent && whole.parent.from === value.from && !/Declaration$|^Script$/.test(whole.parent.name))
    whole = whole.parent;
  return isNumber(whole, syntax, depth + 1);
}

/** `(function (T) { … })(T || (T = {}))`, a namespace or an enum as compilers write them. */
export function isTemporaryNamespace({ start, end }: RawFinding, { text }: Syntax): boolean {
  const name = text.slice(start, end);
  if (!/^[\w$]+$/.test(name)) return false;
  const around = text.slice(Math.max(0, start - name.length - 8), end + name.length + 24);
  return around.includes(`${name} || (${name} =`) || around.includes(`${name}||(${name}=`);
}

/** Returns whether all of the async function at a place is one try with a catch. */
export function catchesAll(node: SyntaxNode | undefined): boolean {
  const body = (ancestor(node, "ArrowFunction") ?? ancestor(node, "FunctionExpression"))?.getChild("Block");
  const statements: SyntaxNode[] = [];
  for (let child = body?.firstChild; child; child = child.nextSibling) {
    if (/(?:Statement|Declaration)$/.test(child.name)) statements.push(child);
  }
  const [only] = statements;
  return statements.length === 1 && only?.name === "TryStatement" && only.getChild("CatchClause") !== null;
}

/** Returns whether a name is declared at the top of a script that is no module. */
export function isOfAllScripts(node: SyntaxNode | undefined, syntax: Syntax): boolean {
  let at = node;
  while (at && !/^(?:Function|Class|Variable)Declaration$/.test(at.name)) at = at.parent ?? undefined;
  return (
    at?.parent?.name === "Script" && !/^\s*(?:import|export)\b|\brequire\s*\(|\bmodule\.exports\b/m.test(syntax.text)
  );
}

/** Returns whether a call's callback returns a value somewhere. */
export const returnsValue = (call: SyntaxNode | undefined, syntax: Syntax): boolean =>
  call !== undefined && /\breturn\s+[^\s;}]/.test(syntax.textOf(call.getChild("ArgList") ?? call));
