/** What a node of a syntax tree declares in the scope around it, where a scope should have it once. */
import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";

export type RepeatKind = "declared" | "imported" | "type" | "exported" | "member" | "key" | "rule";

/** `scope` is where its scope begins; `key` tells apart what may have one name, as a getter and a setter do. */
export type Declared = { kind: RepeatKind; name: string; key?: string; scope: number; at: number };

type Found = Omit<Declared, "scope"> & { within: SyntaxNode };

export function declaredIn(ref: SyntaxNodeRef, text: string, language: string): Declared[] {
  const find = finders[ref.name];
  if (!find) return [];
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);
  return find(ref.node, textOf, language).flatMap(({ within, ...declared }) => {
    const scope = scopeAround(within);
    return scope && declared.name !== "" ? [{ ...declared, scope: scope.from }] : [];
  });
}

type Finder = (node: SyntaxNode, textOf: (node: SyntaxNode) => string, language: string) => Found[];

const scopeNames = new Set([
  ...["Script", "Block", "ClassBody", "ObjectExpression", "SwitchBody"],
  ...["Body", "DictionaryExpression", "Object", "BlockMapping", "FlowMapping", "StyleSheet"],
]);

function scopeAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let at = node.parent; at; at = at.parent) if (scopeNames.has(at.name)) return at;
  return undefined;
}

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};

const one = (kind: RepeatKind, node: SyntaxNode, name: SyntaxNode | null, textOf: (node: SyntaxNode) => string) =>
  name ? [{ kind, name: textOf(name), at: name.from, within: node }] : [];

/** Functions, methods and constructors without a body are overloads, or there for their types. */
const hasBody = (node: SyntaxNode): boolean => node.getChild("Block") !== null;

const unquoted = (name: string): string => name.replace(/^(["'])(.*)\1$/s, "$2");

function boundIn(pattern: SyntaxNode): SyntaxNode[] {
  return childrenOf(pattern).flatMap((child) => {
    if (child.name === "VariableDefinition") return [child];
    return /^(?:ObjectPattern|ArrayPattern|PatternProperty)$/.test(child.name) ? boundIn(child) : [];
  });
}

function member(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Found[] {
  const name = childrenOf(node).find(({ name: kind }) => /^(?:Private)?PropertyDefinition$|^String$/.test(kind));
  if (!name || textOf(node).startsWith("[")) return [];
  const shown = unquoted(textOf(name));
  const modifiers = childrenOf(node).filter(
    ({ name: kind, to }) => /^(?:static|get|set)$/.test(kind) && to <= name.from,
  );
  const key = [...modifiers.map(textOf), shown].join(" ");
  return [{ kind: "member", name: shown, key, at: name.from, within: node }];
}

const finders: Record<string, Finder> = {
  FunctionDeclaration: (node, textOf) =>
    hasBody(node) ? one("declared", node, node.getChild("VariableDefinition"), textOf) : [],
  ClassDeclaration: (node, textOf) => one("declared", node, node.getChild("VariableDefinition"), textOf),
  TypeAliasDeclaration: (node, textOf) => one("type", node, node.getChild("TypeDefinition"), textOf),
  VariableDeclaration: (node, textOf) => {
    const isVar = node.firstChild?.name === "var";
    // A loop's own, and a `var` that is named again, are in order.
    if (/^For\w*Spec$/.test(node.parent?.name ?? "") || (isVar && !node.getChild("Equals"))) return [];
    return boundIn(node).flatMap((name) => one("declared", node, name, textOf));
  },
  ImportDeclaration: (node, textOf) =>
    [node, ...node.getChildren("ImportGroup")].flatMap((group) =>
      group.getChildren("VariableDefinition").flatMap((name) => one("imported", node, name, textOf)),
    ),
  ExportDeclaration: (node, textOf) => {
    if (node.getChild("default")) {
      const overload = node.getChild("FunctionDeclaration");
      const isType = node.getChild("InterfaceDeclaration") !== null || (overload && !hasBody(overload));
      return isType ? [] : [{ kind: "exported", name: "default", at: node.from, within: node }];
    }
    return exportedNames(node).flatMap((name) => one("exported", node, name, textOf));
  },
  MethodDeclaration: (node, textOf) => {
    if (node.parent?.name === "ClassBody" && !hasBody(node)) return [];
    return member(node, textOf);
  },
  PropertyDeclaration: member,
  Property: (node, textOf, language) => {
    const { firstChild } = node;
    if (language === "json" || language === "jsonc") {
      return firstChild?.name === "PropertyName" ? [keyOf(node, firstChild, textOf)] : [];
    }
    if (node.parent?.name !== "ObjectExpression") return [];
    const name = childrenOf(node).find(({ name: kind }) =>
      /^(?:PropertyDefinition|PropertyName|String|Number)$/.test(kind),
    );
    if (!name || !/^(?:get|set|async|\*|PropertyDefinition|PropertyName|String|Number)$/.test(firstChild?.name ?? ""))
      return [];
    const accessor = /^[gs]et$/.test(firstChild?.name ?? "") ? `${firstChild?.name} ` : "";
    const found = keyOf(node, name, textOf);
    return [{ ...found, key: accessor + found.name }];
  },
  FunctionDefinition: pythonDefinition,
  ClassDefinition: pythonDefinition,
  ImportStatement: pythonImport,
  DictionaryExpression: (node, textOf) => {
    const keys = childrenOf(node).filter(
      (child) => child.nextSibling?.name === ":" && /^(?:String|Number)$/.test(child.name),
    );
    return keys.map((key) => ({ ...keyOf(key, key, textOf), within: key }));
  },
  Pair: (node, textOf) => {
    const name = node.getChild("Key")?.firstChild;
    const isPlain = name && /^(?:Quoted)?Literal$/.test(name.name) && textOf(name) !== "<<";
    return isPlain ? [keyOf(node, name, textOf)] : [];
  },
  RuleSet: (node, textOf) => {
    const block = node.getChild("Block");
    if (!block || node.parent?.name === "KeyframeList") return [];
    const selector = textOf(node)
      .slice(0, block.from - node.from)
      .replace(/\s+/g, " ")
      .trim();
    return [{ kind: "rule", name: selector, at: node.from, within: node }];
  },
};

const keyOf = (node: SyntaxNode, name: SyntaxNode, textOf: (node: SyntaxNode) => string): Found => ({
  kind: "key",
  name: unquoted(textOf(name)),
  at: name.from,
  within: node,
});

/** The names by which others know what is exported: the last of `a as b`, and what is declared there. */
function exportedNames(node: SyntaxNode): SyntaxNode[] {
  const group = node.getChild("ExportGroup");
  if (group) {
    return childrenOf(group).filter(({ name, nextSibling }) => name === "VariableName" && nextSibling?.name !== "as");
  }
  const declaration = node.getChild("VariableDeclaration");
  return declaration ? boundIn(declaration) : [];
}

function pythonDefinition(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Found[] {
  const name = node.getChild("VariableName");
  const { parent } = node;
  if (!name || textOf(name) === "_") return [];
  const own = textOf(name);
  const decorators = parent?.name === "DecoratedStatement" ? parent.getChildren("Decorator") : [];
  // Overloads, properties and dispatched functions have one name for several.
  const mayRepeat = decorators.some((decorator) => {
    const said = textOf(decorator).slice(1).trim();
    return /(?:^|\.)overload$/.test(said) || said.startsWith(`${own}.`) || /\.register\b/.test(said);
  });
  return mayRepeat ? [] : one("declared", node, name, textOf);
}

/** `import a.b` names `a`, as `import a.c` may, too: these are told by the whole. */
function pythonImport(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Found[] {
  const children = childrenOf(node);
  const from = children.findIndex(({ name }) => name === "import") + 1;
  const names: Found[] = [];
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
