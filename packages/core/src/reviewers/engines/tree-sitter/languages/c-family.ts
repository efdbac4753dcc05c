/** What C and C++ have in common, for both grammars. */
import {
  assignedCondition,
  emptyBody,
  repeatedConditionRule,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  unreachable,
} from "../families";
import type { QueryRule } from "../language";
import { around, isAlike, isPure, isTest, literally, nextOf, within } from "../predicates";

const tidy = "https://clang.llvm.org/extra/clang-tidy/checks/";
const warnings = "https://gcc.gnu.org/onlinedocs/gcc/Warning-Options.html#index-";

const inFunction = (body: string) => `void run(int n)\n{\n${body}}\n`;

/** C++ has initialisers in a condition, so its grammar wraps it. */
const condition = { c: "parenthesized_expression", cpp: "condition_clause" } as const;

export const decisions = `[(if_statement) (for_statement) (while_statement) (do_statement) (conditional_expression) "case" "&&" "||"] @decision (comment) @comment`;

export function cFamilyRules(dialect: "c" | "cpp"): QueryRule[] {
  const inCondition = condition[dialect];
  return [
    sameOperands({
      source: `${tidy}misc/redundant-expression.html`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inFunction("    if (from < from)\n        stop();\n"),
      good: inFunction("    if (from < to)\n        stop();\n"),
    }),
    selfAssignment({
      source: "https://clang.llvm.org/docs/DiagnosticsReference.html#wself-assign",
      query: `(expression_statement (assignment_expression left: (_) @left operator: "=" right: (_) @right) @at)`,
      bad: inFunction("    price = price;\n"),
      good: inFunction("    shop->price = price;\n"),
    }),
    repeatedConditionRule({
      source: `${warnings}Wduplicated-cond`,
      query: "(if_statement) @if",
      bad: inFunction("    if (n > 3)\n        stop();\n    else if (n > 3)\n        go_on();\n"),
      good: inFunction("    if (n > 3)\n        stop();\n    else if (n > 2)\n        go_on();\n"),
    }),
    sameBranchesRule({
      source: `${warnings}Wduplicated-branches`,
      query: "(if_statement) @if",
      bad: inFunction("    if (n > 3)\n        stop();\n    else\n        stop();\n"),
      good: inFunction("    if (n > 3)\n        stop();\n    else\n        go_on();\n"),
    }),
    assignedCondition({
      source: `${tidy}bugprone/assignment-in-if-condition.html`,
      query: `(if_statement condition: (${inCondition} . (assignment_expression operator: "=" right: [(number_literal) (true) (false) (null)]) @at .))`,
      bad: inFunction("    if (n = 1)\n        stop();\n"),
      good: inFunction("    if (n == 1)\n        stop();\n"),
    }),
    emptyBody({
      source: `${tidy}bugprone/suspicious-semicolon.html`,
      query: `(if_statement condition: (_) @condition consequence: (expression_statement . ";" .) @at !alternative)`,
      when: ({ nodes: { at, condition: tested } }) => {
        const isOnOneLine = at?.startPosition.row === tested?.endPosition.row;
        return Boolean(isOnOneLine && at?.text === ";" && tested && isPure(tested));
      },
      bad: inFunction("    if (n > 3);\n    stop();\n"),
      good: inFunction("    if (n > 3)\n        stop();\n"),
    }),
    unreachable({
      source: "https://clang.llvm.org/docs/DiagnosticsReference.html#wunreachable-code",
      query: "(compound_statement [(return_statement) (break_statement) (continue_statement) (goto_statement)] @exit)",
      bad: inFunction("    return;\n    stop();\n"),
      good: inFunction("    stop();\n    return;\n"),
    }),
    {
      id: "realloc-to-itself",
      severity: "major",
      title: "Lost when it can't grow",
      why: "`realloc` returns NULL when there is no memory, and the block it was given is still there: its only pointer is overwritten here. Keep the result in another variable until it is checked.",
      source: `${tidy}bugprone/suspicious-realloc-usage.html`,
      query: `(assignment_expression left: (_) @left operator: "=" right: [(call_expression function: (identifier) @function arguments: (argument_list . (_) @right))
        (cast_expression value: (call_expression function: (identifier) @function arguments: (argument_list . (_) @right)))] (#eq? @function "realloc")) @at`,
      when: ({ nodes: { at, left, right }, path }) => {
        // Kept elsewhere before, or the end of the program after.
        const body = (at && around(at, /^function_definition$/)?.text) ?? "";
        const isKept = new RegExp(`=\\s*${literally(left?.text ?? "")}\\s*;`).test(body);
        const next = at?.parent && nextOf(at.parent);
        const ends = /\b(?:exit|abort|die|fatal|panic|oom|err|out_of_memory|perror)\w*\s*\(/i.test(next?.text ?? "");
        return isAlike(left, right) && !isTest(path) && !isKept && !ends;
      },
      bad: inFunction("    names = realloc(names, n);\n"),
      good: inFunction("    char *more = realloc(names, n);\n"),
    },
    {
      id: "swapped-memset",
      severity: "major",
      title: "Sets nothing: the size is 0",
      why: "The value comes second and the size third.",
      source: `${tidy}bugprone/suspicious-memset-usage.html`,
      query: `(call_expression function: (identifier) @function arguments: (argument_list . (_) . (_) @value . (number_literal) @size .) (#eq? @function "memset") (#eq? @size "0")) @at`,
      when: ({ nodes: { value } }) => value?.text !== "0" && value?.type !== "char_literal",
      bad: inFunction("    memset(names, sizeof(names), 0);\n"),
      good: inFunction("    memset(names, 0, sizeof(names));\n"),
    },
    {
      id: "not-before-comparison",
      severity: "major",
      title: "`!` applies to the left side alone",
      why: "It makes 0 or 1 of the left side, which is then compared. Put the comparison in parentheses.",
      source: `${warnings}Wlogical-not-parentheses`,
      query: `(binary_expression left: (unary_expression operator: "!" argument: [(identifier) (field_expression)] @value) operator: ["&" ${dialect === "c" ? '"<" ">" "<=" ">="' : ""}] right: (_) @right) @at`,
      when: ({ nodes: { right } }) => !/^!|^\(*!/.test(right?.text ?? ""),
      bad: inFunction("    if (!n & 4)\n        stop();\n"),
      good: inFunction("    if (!(n & 4))\n        stop();\n"),
    },
    {
      id: "mask-after-comparison",
      severity: "major",
      title: "Compares before it masks",
      why: "`==` binds tighter than `&` and `|`: this masks with 0 or 1. Put the mask in parentheses.",
      source: `${warnings}Wparentheses`,
      query: `(binary_expression left: [(identifier) (field_expression)] operator: ["&" "|"] right: (binary_expression left: [(identifier) (number_literal)] operator: ["==" "!="] right: [(number_literal) (identifier)])) @at`,
      when: ({ nodes: { at } }) =>
        Boolean(
          at && around(at, /^(?:if_statement|while_statement|conditional_expression|return_statement)$/, /preproc/),
        ),
      bad: inFunction("    if (n & MASK == 4)\n        stop();\n"),
      good: inFunction("    if ((n & MASK) == 4)\n        stop();\n"),
    },
    {
      id: "chained-comparison",
      severity: "major",
      title: "Compares with 0 or 1",
      why: "`a < b < c` compares the result of the first comparison with `c`. Compare each, joined with `&&`.",
      source: `${tidy}bugprone/chained-comparison.html`,
      query: `(binary_expression left: (binary_expression operator: ["<" "<=" ">" ">="]) operator: ["<" "<=" ">" ">="] right: [(identifier) (number_literal)] @right) @at`,
      when: ({ nodes: { at, right }, path }) =>
        !isTest(path) &&
        !/^[01]$/.test(right?.text ?? "") &&
        Boolean(
          at &&
            isPure(at) &&
            around(
              at,
              /^(?:if|while|do|return)_statement$|^conditional_expression$/,
              /template|preproc|ERROR|call|lambda|^compound_statement$/,
            ),
        ) &&
        !/[A-Z]\w*\s*<|::|[{"]/.test(at?.text ?? ""),
      bad: inFunction("    if (0 < n < 9)\n        stop();\n"),
      good: inFunction("    if (0 < n && n < 9)\n        stop();\n"),
    },
    {
      id: "format-from-outside",
      severity: "major",
      confidence: "medium",
      title: "A variable as the format",
      why: 'A `%` in the text reads arguments that aren\'t there, and `%n` writes to memory. Print it with "%s".',
      source: `${warnings}Wformat-security`,
      query: `(call_expression function: (identifier) @function arguments: (argument_list . [(identifier) (field_expression)] @format .) (#eq? @function "printf")) @at
        (call_expression function: (identifier) @function arguments: (argument_list . (_) . [(identifier) (field_expression)] @format .) (#match? @function "^(?:fprintf|syslog)$")) @at`,
      when: ({ nodes: { format } }) => !/^[A-Z0-9_]+$|fmt|format|usage|help|Usage|Format/.test(format?.text ?? ""),
      bad: inFunction("    printf(name);\n"),
      good: inFunction('    printf("%s", name);\n'),
    },
    {
      id: "unbounded-read",
      severity: "major",
      title: "Writes past the buffer",
      why: "`gets` doesn't know how long the buffer is. It is gone from C11: use `fgets`.",
      source: "https://clang.llvm.org/docs/analyzer/checkers.html#security-insecureapi-gets-c",
      query: `(call_expression function: (identifier) @function arguments: (argument_list . (_) .) (#eq? @function "gets")) @at`,
      bad: inFunction("    gets(name);\n"),
      good: inFunction("    fgets(name, sizeof(name), stdin);\n"),
    },
    {
      id: "char-for-eof",
      severity: "major",
      title: "A `char` can't tell the end from a character",
      why: "EOF is an int outside of the range of characters. In a char it is equal to one of them, or to none.",
      source:
        "https://wiki.sei.cmu.edu/confluence/display/c/FIO34-C.+Distinguish+between+characters+read+from+a+file+and+EOF+or+WEOF",
      query: `(declaration type: (primitive_type) @type declarator: (init_declarator declarator: (identifier) @name value: (call_expression function: (identifier) @function)) @at (#eq? @type "char") (#match? @function "^(?:getchar|fgetc|getc)$")) @declaration`,
      when: ({ nodes: { declaration, name } }) =>
        new RegExp(`\\b${name?.text}\\s*[!=]=\\s*EOF`).test(
          (declaration && around(declaration, /compound_statement/)?.text) ?? "",
        ),
      bad: inFunction("    char c = getchar();\n    if (c == EOF)\n        stop();\n"),
      good: inFunction("    int c = getchar();\n    if (c == EOF)\n        stop();\n"),
    },
    {
      id: "end-asked-too-early",
      severity: "minor",
      title: "Goes round once too often",
      why: "`feof` is true only after a read has failed: the last round works on what wasn't read. Test the result of the read.",
      source: "https://c-faq.com/stdio/feof.html",
      query: `(while_statement condition: (${inCondition} . (unary_expression operator: "!" argument: (call_expression function: (identifier) @function)) .) @at body: (compound_statement) @body (#eq? @function "feof"))`,
      when: ({ nodes: { body } }) =>
        Boolean(
          body &&
            !/\bif\b[^\n]*(?:get|read|scan)|\bbreak\b|\breturn\b|\bgoto\b|\bexit\b|\bferror\b/.test(body.text) &&
            within(body, "call_expression").length > 0,
        ),
      bad: inFunction("    while (!feof(file))\n    {\n        fgets(line, 80, file);\n        print(line);\n    }\n"),
      good: inFunction("    while (fgets(line, 80, file))\n    {\n        print(line);\n    }\n"),
    },
    {
      id: "unterminated-copy",
      severity: "major",
      confidence: "medium",
      title: "One byte too short for the string",
      why: "`strlen` doesn't count the 0 at the end, which the copy writes after the block.",
      source: `${tidy}bugprone/not-null-terminated-result.html`,
      query: `(call_expression function: (identifier) @malloc arguments: (argument_list . (call_expression function: (identifier) @strlen) .) (#match? @malloc "^(?:malloc|alloca)$") (#eq? @strlen "strlen")) @at`,
      when: ({ nodes: { at } }) =>
        /\bstrcpy\s*\(|\bstrcat\s*\(/.test((at && around(at, /^compound_statement$/)?.text) ?? ""),
      bad: inFunction("    char *copy = malloc(strlen(name));\n    strcpy(copy, name);\n"),
      good: inFunction("    char *copy = malloc(strlen(name) + 1);\n    strcpy(copy, name);\n"),
    },
  ];
}
