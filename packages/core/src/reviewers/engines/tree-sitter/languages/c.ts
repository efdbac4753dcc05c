import type { GrammarLanguage } from "../language";
import { around, within } from "../predicates";
import { cFamilyRules, decisions } from "./c-family";

export const c: GrammarLanguage = {
  id: "c",
  wasm: "tree-sitter-c/tree-sitter-c.wasm",
  outline: `
    (function_definition declarator: [(function_declarator declarator: (_) @name) (pointer_declarator declarator: (function_declarator declarator: (_) @name))]) @function
    (struct_specifier name: (_) @name body: (_)) @symbol
    ${decisions}`,
  brackets: "cFamily",
  refusesValid: true,
  rules: [
    ...cFamilyRules("c"),
    {
      id: "unclosed",
      severity: "major",
      confidence: "medium",
      title: "Never closed on any path",
      why: "The file stays open until the process ends: under load it runs out of them, and what was buffered may not be written.",
      source: "https://clang.llvm.org/docs/analyzer/checkers.html#unix-stream-c-c",
      query: `(declaration type: (type_identifier) @type declarator: (init_declarator declarator: (pointer_declarator declarator: (identifier) @name) value: (call_expression function: (identifier) @open)) @at (#eq? @type "FILE") (#match? @open "^(?:fopen|popen|fdopen|tmpfile)$"))`,
      when: ({ nodes: { at, name } }) => {
        const body = at && around(at, /^function_definition$/);
        if (!body || !name) return false;
        const uses = within(body, "identifier").filter(
          ({ text, startIndex }) => text === name.text && startIndex > name.startIndex,
        );
        const readers = /^(?:f(?:get[cs]|put[cs]|read|write|printf|scanf|seek|tell|flush|eof|error)|getc|putc|rewind)$/;
        return (
          uses.length > 0 &&
          uses.every((use) => {
            const call = use.parent?.type === "argument_list" ? use.parent.parent : undefined;
            return call
              ? readers.test(call.childForFieldName("function")?.text ?? "")
              : use.parent?.type !== "return_statement" && /unary|binary|parenthesized/.test(use.parent?.type ?? "");
          })
        );
      },
      bad: 'void run(void)\n{\n    FILE *file = fopen("orders", "w");\n    fputs("order", file);\n}\n',
      good: 'void run(void)\n{\n    FILE *file = fopen("orders", "w");\n    fputs("order", file);\n    fclose(file);\n}\n',
    },
  ],
};
