import type { SyntaxNode } from "@lezer/common";
import type { Structure, SyntaxRules, TextOf } from "../syntax-rules";
import { ecmaScriptDeclarations } from "./declarations";

const namedNodes: Record<string, readonly string[]> = {
  FunctionDeclaration: ["VariableDefinition"],
  ClassDeclaration: ["VariableDefinition"],
  ClassExpression: ["VariableDefinition"],
  FunctionExpression: ["VariableDefinition"],
  MethodDeclaration: ["PropertyDefinition", "PrivatePropertyDefinition"],
  PropertyDeclaration: ["PropertyDefinition", "PrivatePropertyDefinition"],
  InterfaceDeclaration: ["TypeDefinition"],
  TypeAliasDeclaration: ["TypeDefinition"],
  EnumDeclaration: ["TypeDefinition"],
  NamespaceDeclaration: ["VariableDefinition"],
};

export const ecmaScriptStructure: Structure = {
  functions: new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunction", "MethodDeclaration"]),
  decisions: new Set(["if", "for", "while", "case", "catch", "LogicOp"]),
  // Both halves of `? :` are a LogicOp like && and ||; only the first counts, and none of a type's.
  repeatsDecision: (name, firstChar, parent) =>
    name === "LogicOp" && (firstChar === ":" || parent?.endsWith("Type") === true),
  comments: new Set(["LineComment", "BlockComment"]),
  variables: new Set(["VariableDefinition"]),
  symbolName: (node, textOf) => {
    const nameKinds = namedNodes[node.name];
    if (nameKinds) {
      const name = nameKinds.map((kind) => node.getChild(kind)).find((child) => child !== null);
      return name ? textOf(name) : undefined;
    }
    if (node.name === "VariableDeclaration") return declaredFunction(node, textOf);
    if (node.name !== "Property") return undefined;
    const key = node.getChild("PropertyDefinition") ?? node.getChild("PropertyName");
    return key ? textOf(key).replace(/^["']|["']$/g, "") : undefined;
  },
  functionName: (node) => {
    const own =
      node.getChild("VariableDefinition") ?? node.getChild("PropertyDefinition") ?? node.getChild("VariableName");
    if (own || !/^(?:VariableDeclaration|Property)$/.test(node.parent?.name ?? "")) return own;
    return node.parent?.getChild("VariableDefinition") ?? node.parent?.getChild("PropertyDefinition") ?? null;
  },
};

/** The name of `const total = () => …`: a declaration of one name with a function or class as its value. */
function declaredFunction(node: SyntaxNode, textOf: TextOf): string | undefined {
  const value =
    node.getChild("ArrowFunction") ?? node.getChild("FunctionExpression") ?? node.getChild("ClassExpression");
  const name = node.getChild("VariableDefinition");
  if (!value || !name || node.getChildren("VariableDefinition").length > 1) return undefined;
  return textOf(name);
}

export const ecmaScriptSyntax: SyntaxRules = { structure: ecmaScriptStructure, declarations: ecmaScriptDeclarations };
