import { declareKey, type SyntaxRules } from "../syntax-rules";

export const yamlSyntax: SyntaxRules = {
  declarations: {
    scopes: new Set(["BlockMapping", "FlowMapping"]),
    finders: {
      Pair: (node, textOf) => {
        const name = node.getChild("Key")?.firstChild;
        const isPlain = name && /^(?:Quoted)?Literal$/.test(name.name) && textOf(name) !== "<<";
        return isPlain ? [declareKey(node, name, textOf)] : [];
      },
    },
  },
};
