import { type DeclarationRules, type Structure, type SyntaxRules, squeeze } from "../syntax-rules";

export const cssDeclarations: DeclarationRules = {
  scopes: new Set(["Block", "StyleSheet"]),
  finders: {
    RuleSet: (node, textOf) => {
      const block = node.getChild("Block");
      if (!block || node.parent?.name === "KeyframeList") return [];
      const selector = textOf(node)
        .slice(0, block.from - node.from)
        .replace(/\s+/g, " ")
        .trim();
      return [{ kind: "rule", name: selector, at: node.from, within: node }];
    },
  },
};

const structure: Structure = {
  functions: new Set(),
  decisions: new Set(),
  comments: new Set(["Comment"]),
  variables: new Set(),
  symbolName: (node, textOf) => {
    if (node.name !== "RuleSet") return undefined;
    const block = node.getChild("Block");
    return squeeze(textOf(node).slice(0, (block?.from ?? node.to) - node.from)).slice(0, 120);
  },
  functionName: () => null,
};

export const cssSyntax: SyntaxRules = { structure, declarations: cssDeclarations };
