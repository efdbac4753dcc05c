import { cssDeclarations } from "../css/syntax";
import { ecmaScriptDeclarations } from "../ecmascript/declarations";
import type { SyntaxRules } from "../syntax-rules";

/** Pages hold scripts and style sheets, whose own grammars read them. */
export const markupSyntax: SyntaxRules = {
  declarations: {
    scopes: new Set([...ecmaScriptDeclarations.scopes, ...cssDeclarations.scopes]),
    finders: { ...ecmaScriptDeclarations.finders, ...cssDeclarations.finders },
  },
};
