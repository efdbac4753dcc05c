/** Calls of functions that this file declares as async, whose result nobody waits for. */
import type { SyntaxNode } from "@lezer/common";
import type { Syntax } from "../../syntax";
import type { RawFinding } from "../engine";

const functionNodes = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|FunctionDefinition)$/;

/** Names by which a file calls its async functions: `load`, and `this.load` for methods. */
type Names = { declared: Set<string>; ambiguous: Set<string> };

/**
 * Reports calls that are statements, in functions that could wait: in others it is often meant. An async function that
 * catches its own errors may be left to itself.
 */
export function findForgottenAwaits(syntax: Syntax): RawFinding[] {
  const { declared, ambiguous } = scriptNames(syntax);
  if (declared.size === 0) return [];
  return statementsOf(syntax, "ExpressionStatement").flatMap((statement) => {
    const call = statement.firstChild;
    const callee = call?.name === "CallExpression" ? call.firstChild : null;
    if (!call || !callee) return [];
    const name = syntax.textOf(callee);
    if (!declared.has(name) || ambiguous.has(name)) return [];
    const around = enclosing(statement);
    const isAwaitedElsewhere = syntax.text.includes(`await ${name}(`);
    if (!around || !(isAsync(around, syntax) || isAwaitedElsewhere) || isHandler(around)) return [];
    const title = `\`${name}\` is async, and nobody waits for it`;
    const isSure = isAsync(around, syntax) && isAwaitedElsewhere;
    return [
      { rule: "redline/forgotten-await", start: call.from, end: call.to, title, ...(!isSure && { severity: "minor" }) },
    ];
  });
}

function scriptNames(syntax: Syntax): Names {
  const declared = new Set<string>();
  const ambiguous = new Set<string>();
  syntax.tree.iterate({
    enter: ({ name, node }) => {
      if (!functionNodes.test(name)) return;
      const called = nameOf(node, syntax);
      if (called === undefined) return;
      (isAsync(node, syntax) && !catchesItself(node) ? declared : ambiguous).add(called);
    },
  });
  return { declared, ambiguous };
}

function nameOf(node: SyntaxNode, syntax: Syntax): string | undefined {
  if (node.name === "MethodDeclaration") {
    const own = node.getChild("PropertyDefinition") ?? node.getChild("PrivatePropertyDefinition");
    return own && node.parent?.name === "ClassBody" ? `this.${syntax.textOf(own)}` : undefined;
  }
  if (node.name === "FunctionDeclaration") {
    const own = node.getChild("VariableDefinition");
    return own ? syntax.textOf(own) : undefined;
  }
  const holder = node.parent?.name === "VariableDeclaration" ? node.parent : undefined;
  const names = holder?.getChildren("VariableDefinition") ?? [];
  return names.length === 1 && names[0] ? syntax.textOf(names[0]) : undefined;
}

const isAsync = (node: SyntaxNode, syntax: Syntax): boolean =>
  /^(?:(?:public|private|protected|static|override)\s+)*async\b/.test(syntax.text.slice(node.from, node.from + 60));

/** Returns whether all of a function's body is one try with a catch. */
function catchesItself(node: SyntaxNode): boolean {
  const body = node.getChild("Block");
  const statements = body ? childStatements(body) : [];
  const attempt = statements.find(({ name }) => name === "TryStatement");
  return attempt?.getChild("CatchClause") !== null && attempt !== undefined && statements.length <= 2;
}

const childStatements = (block: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = block.firstChild; child; child = child.nextSibling) {
    if (/(?:Statement|Declaration)$/.test(child.name)) found.push(child);
  }
  return found;
};

/** Returns whether a function is given to something that calls it later and waits for nothing: an effect, a listener. */
const isHandler = (node: SyntaxNode): boolean =>
  node.parent?.name === "JSXEscape" || (node.parent?.name === "ArgList" && node.name !== "FunctionDeclaration");

function enclosing(node: SyntaxNode): SyntaxNode | undefined {
  for (let at = node.parent; at; at = at.parent) if (functionNodes.test(at.name)) return at;
  return undefined;
}

function statementsOf(syntax: Syntax, kind: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  syntax.tree.iterate({
    enter: ({ name, node }) => {
      if (name === kind) found.push(node);
    },
  });
  return found;
}

/** In Python such a call never does anything, wherever it stands. */
export function findForgottenCoroutines(syntax: Syntax): RawFinding[] {
  const declared = new Set<string>();
  const ambiguous = new Set<string>();
  syntax.tree.iterate({
    enter: ({ name, node }) => {
      if (name !== "FunctionDefinition") return;
      const own = node.getChild("VariableName");
      if (!own) return;
      const isMethod = node.parent?.parent?.name === "ClassDefinition";
      const isWrapped = node.parent?.name === "DecoratedStatement";
      const isCoroutine = node.firstChild?.name === "async" && !isWrapped && !/\byield\b/.test(syntax.textOf(node));
      (isCoroutine ? declared : ambiguous).add(`${isMethod ? "self." : ""}${syntax.textOf(own)}`);
    },
  });
  return statementsOf(syntax, "ExpressionStatement").flatMap((statement) => {
    const call = statement.firstChild;
    const callee = call?.name === "CallExpression" ? call.firstChild : null;
    if (!call || !callee || call.nextSibling) return [];
    const name = syntax.textOf(callee);
    if (!declared.has(name) || ambiguous.has(name)) return [];
    const title = `\`${name}\` is a coroutine, and without await it never runs`;
    return [{ rule: "redline/forgotten-coroutine", start: call.from, end: call.to, title }];
  });
}
