/** Collects declarations of JavaScript and TypeScript that a scope should have once. */
import type { SyntaxNode } from "@lezer/common";
import {
  childrenOf,
  type Declaration,
  type DeclarationRules,
  declareKey,
  declareName,
  type TextOf,
  unquote,
} from "../syntax-rules";

/** Functions, methods and constructors without a body are overloads, or there for their types. */
const hasBody = (node: SyntaxNode): boolean => node.getChild("Block") !== null;

function boundNames(pattern: SyntaxNode): SyntaxNode[] {
  return childrenOf(pattern).flatMap((child) => {
    if (child.name === "VariableDefinition") return [child];
    return /^(?:ObjectPattern|ArrayPattern|PatternProperty)$/.test(child.name) ? boundNames(child) : [];
  });
}

function declareMember(node: SyntaxNode, textOf: TextOf): Declaration[] {
  const name = childrenOf(node).find(({ name: kind }) => /^(?:Private)?PropertyDefinition$|^String$/.test(kind));
  if (!name || textOf(node).startsWith("[")) return [];
  const shown = unquote(textOf(name));
  const modifiers = childrenOf(node).filter(
    ({ name: kind, to }) => /^(?:static|get|set)$/.test(kind) && to <= name.from,
  );
  const key = [...modifiers.map(textOf), shown].join(" ");
  return [{ kind: "member", name: shown, key, at: name.from, within: node }];
}

function declareProperty(node: SyntaxNode, textOf: TextOf): Declaration[] {
  const { firstChild } = node;
  if (node.parent?.name !== "ObjectExpression") return [];
  const name = childrenOf(node).find(({ name: kind }) =>
    /^(?:PropertyDefinition|PropertyName|String|Number)$/.test(kind),
  );
  if (!name || !/^(?:get|set|async|\*|PropertyDefinition|PropertyName|String|Number)$/.test(firstChild?.name ?? ""))
    return [];
  const accessor = /^[gs]et$/.test(firstChild?.name ?? "") ? `${firstChild?.name} ` : "";
  const found = declareKey(node, name, textOf);
  return [{ ...found, key: accessor + found.name }];
}

/** The names by which others know what is exported: the last of `a as b`, and what is declared there. */
function exportedNames(node: SyntaxNode): SyntaxNode[] {
  const group = node.getChild("ExportGroup");
  if (group) {
    return childrenOf(group).filter(({ name, nextSibling }) => name === "VariableName" && nextSibling?.name !== "as");
  }
  const declaration = node.getChild("VariableDeclaration");
  return declaration ? boundNames(declaration) : [];
}

export const ecmaScriptDeclarations: DeclarationRules = {
  scopes: new Set(["Script", "Block", "ClassBody", "ObjectExpression", "SwitchBody"]),
  finders: {
    FunctionDeclaration: (node, textOf) =>
      hasBody(node) ? declareName("declared", node, node.getChild("VariableDefinition"), textOf) : [],
    ClassDeclaration: (node, textOf) => declareName("declared", node, node.getChild("VariableDefinition"), textOf),
    TypeAliasDeclaration: (node, textOf) => declareName("type", node, node.getChild("TypeDefinition"), textOf),
    VariableDeclaration: (node, textOf) => {
      const isVar = node.firstChild?.name === "var";
      // A loop's own, and a `var` that is named again, are in order.
      if (/^For\w*Spec$/.test(node.parent?.name ?? "") || (isVar && !node.getChild("Equals"))) return [];
      return boundNames(node).flatMap((name) => declareName("declared", node, name, textOf));
    },
    ImportDeclaration: (node, textOf) =>
      [node, ...node.getChildren("ImportGroup")].flatMap((group) =>
        group.getChildren("VariableDefinition").flatMap((name) => declareName("imported", node, name, textOf)),
      ),
    ExportDeclaration: (node, textOf) => {
      if (node.getChild("default")) {
        const overload = node.getChild("FunctionDeclaration");
        const isType = node.getChild("InterfaceDeclaration") !== null || (overload && !hasBody(overload));
        return isType ? [] : [{ kind: "exported", name: "default", at: node.from, within: node }];
      }
      return exportedNames(node).flatMap((name) => declareName("exported", node, name, textOf));
    },
    MethodDeclaration: (node, textOf) => {
      if (node.parent?.name === "ClassBody" && !hasBody(node)) return [];
      return declareMember(node, textOf);
    },
    PropertyDeclaration: declareMember,
    Property: declareProperty,
  },
};
