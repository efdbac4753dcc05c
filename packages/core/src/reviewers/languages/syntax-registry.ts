/** The languages whose trees Redline understands, beyond colouring them. Runs in the worker only. */
import { cssDeclarations, cssSyntax } from "./css/syntax";
import { ecmaScriptSyntax } from "./ecmascript/syntax";
import { jsoncSyntax, jsonSyntax } from "./json/syntax";
import { markupSyntax } from "./markup/syntax";
import { pythonSyntax } from "./python/syntax";
import type { SyntaxRules } from "./syntax-rules";
import { yamlSyntax } from "./yaml/syntax";

const styleSheet: SyntaxRules = { declarations: cssDeclarations };

export const syntaxRules: Readonly<Record<string, SyntaxRules | undefined>> = {
  typescript: ecmaScriptSyntax,
  tsx: ecmaScriptSyntax,
  javascript: ecmaScriptSyntax,
  jsx: ecmaScriptSyntax,
  python: pythonSyntax,
  json: jsonSyntax,
  jsonc: jsoncSyntax,
  json5: jsoncSyntax,
  css: cssSyntax,
  scss: styleSheet,
  sass: styleSheet,
  less: styleSheet,
  yaml: yamlSyntax,
  workflow: yamlSyntax,
  html: markupSyntax,
  vue: markupSyntax,
  svelte: markupSyntax,
  astro: markupSyntax,
  markdown: markupSyntax,
  php: markupSyntax,
};
