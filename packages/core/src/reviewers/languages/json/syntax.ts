import { ecmaScriptStructure } from "../ecmascript/syntax";
import { type DeclarationRules, declareKey, type SyntaxRules } from "../syntax-rules";

const declarations: DeclarationRules = {
  scopes: new Set(["Object"]),
  finders: {
    Property: (node, textOf) => {
      const { firstChild } = node;
      return firstChild?.name === "PropertyName" ? [declareKey(node, firstChild, textOf)] : [];
    },
  },
};

export const jsonSyntax: SyntaxRules = {
  structure: {
    functions: new Set(),
    decisions: new Set(),
    comments: new Set(),
    variables: new Set(),
    symbolName: (node, textOf) => {
      const key = node.name === "Property" ? node.getChild("PropertyName") : null;
      return key ? textOf(key).replace(/^["']|["']$/g, "") : undefined;
    },
    functionName: () => null,
  },
  declarations,
};

export const jsoncSyntax: SyntaxRules = {
  structure: ecmaScriptStructure,
  // Comments are errors to the grammar of JSON, and it reads on behind them.
  declarations: { ...declarations, grammar: "JSON" },
};
