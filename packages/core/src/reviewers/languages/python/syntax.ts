import type { SyntaxNode } from "@lezer/common";
import { childrenOf, type Declaration, declareKey, declareName, type SyntaxRules, type TextOf } from "../syntax-rules";

function declareDefinition(node: SyntaxNode, textOf: TextOf): Declaration[] {
  const name = node.getChild("VariableName");
  const { parent } = node;
  if (!name || textOf(name) === "_") return [];
  const own = textOf(name);
  const decorators = parent?.name === "DecoratedStatement" ? parent.getChildren("Decorator") : [];
  // Overloads, properties and dispatched functions have one name for several.
  const mayRepeat = decorators.some((decorator) => {
    const expression = textOf(decorator).slice(1).trim();
    return /(?:^|\.)overload$/.test(expression) || expression.startsWith(`${own}.`) || /\.register\b/.test(expression);
  });
  return mayRepeat ? [] : declareName("declared", node, name, textOf);
}

/** `import a.b` names `a`, as `import a.c` may, too: these are told by the whole. */
function declareImports(node: SyntaxNode, textOf: TextOf): Declaration[] {
  const children = childrenOf(node);
  const from = children.findIndex(({ name }) => name === "import") + 1;
  const names: Declaration[] = [];
  let parts: SyntaxNode[] = [];
  const take = () => {
    const last = parts.at(-1);
    const as = parts.findIndex(({ name }) => name === "as");
    const named = as >= 0 ? parts.slice(as + 1) : parts;
    const name = named.map(textOf).join("");
    if (last && /^[\p{L}_]/u.test(name)) names.push({ kind: "imported", name, at: parts[0]?.from ?? 0, within: node });
    parts = [];
  };
  for (const child of children.slice(from)) {
    if (child.name === ",") take();
    else if (!/^[()]$/.test(child.name)) parts.push(child);
  }
  take();
  return names;
}

export const pythonSyntax: SyntaxRules = {
  structure: {
    functions: new Set(["FunctionDefinition", "LambdaExpression"]),
    decisions: new Set(["if", "elif", "for", "while", "case", "except", "and", "or"]),
    comments: new Set(["Comment"]),
    variables: new Set(),
    symbolName: (node, textOf) => {
      const name = /^(?:Function|Class)Definition$/.test(node.name) ? node.getChild("VariableName") : null;
      return name ? textOf(name) : undefined;
    },
    functionName: (node) => node.getChild("VariableName"),
  },
  declarations: {
    scopes: new Set(["Script", "Body", "DictionaryExpression"]),
    finders: {
      FunctionDefinition: declareDefinition,
      ClassDefinition: declareDefinition,
      ImportStatement: declareImports,
      DictionaryExpression: (node, textOf) => {
        const keys = childrenOf(node).filter(
          (child) => child.nextSibling?.name === ":" && /^(?:String|Number)$/.test(child.name),
        );
        return keys.map((key) => declareKey(key, key, textOf));
      },
    },
  },
};
