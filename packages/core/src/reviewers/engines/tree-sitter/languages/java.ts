import {
  assignedCondition,
  commandFromStrings,
  emptyBody,
  emptyCatch,
  leftOver,
  repeatedConditionRule,
  returnInFinally,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  sqlFromStrings,
  unclosed,
} from "../families";
import type { GrammarLanguage } from "../language";
import { around, isTest } from "../predicates";

const inMethod = (body: string) => `class Shop {\n  void run(String folder) {\n${body}  }\n}\n`;
const spotBugs = "https://spotbugs.readthedocs.io/en/stable/bugDescriptions.html#";
const pmd = "https://docs.pmd-code.org/latest/pmd_rules_java_";

export const java: GrammarLanguage = {
  id: "java",
  wasm: "tree-sitter-java/tree-sitter-java.wasm",
  outline: `
    (method_declaration name: (_) @name) @function
    (constructor_declaration name: (_) @name) @function
    (lambda_expression) @function
    [(class_declaration name: (_) @name) (interface_declaration name: (_) @name) (record_declaration name: (_) @name) (enum_declaration name: (_) @name)] @symbol
    [(if_statement) (for_statement) (enhanced_for_statement) (while_statement) (do_statement) (catch_clause) (ternary_expression) "&&" "||" "case"] @decision
    [(line_comment) (block_comment)] @comment`,
  brackets: "cFamily",
  // The grammar has no annotations of variable arguments.
  gaps: /@\w+(?:\([^)]*\))?\s*\.\.\./,
  rules: [
    {
      id: "string-identity",
      severity: "major",
      title: "Strings compared by identity",
      why: "`==` asks whether both are the same object, which equal strings often are not. Use `equals`.",
      source: `${spotBugs}es-comparison-of-string-objects-using-or-es-comparing-strings-with-eq`,
      query: `(binary_expression operator: ["==" "!="] right: (string_literal)) @at
        (binary_expression left: (string_literal) operator: ["==" "!="]) @at`,
      when: ({ path }) => !isTest(path),
      bad: inMethod('    if (state == "open") close();\n'),
      good: inMethod('    if (state.equals("open")) close();\n'),
    },
    emptyCatch({
      source: `${pmd}errorprone.html#emptycatchblock`,
      query: "(catch_clause (catch_formal_parameter name: (_) @name) body: (block) @body) @at",
      bad: inMethod("    try {\n      save();\n    } catch (IOException e) {\n    }\n"),
      good: inMethod("    try {\n      save();\n    } catch (IOException e) {\n      log.warn(e);\n    }\n"),
    }),
    leftOver({
      id: "print-stack-trace",
      title: "Prints the stack trace and goes on",
      why: "It goes to the error output, past the log, and the caller learns nothing. Log the exception, or throw it on.",
      source: `${pmd}bestpractices.html#avoidprintstacktrace`,
      query: `((catch_clause body: (block (expression_statement (method_invocation name: (identifier) @name arguments: (argument_list) @none) @at))) (#eq? @name "printStackTrace") (#eq? @none "()"))`,
      bad: inMethod("    try {\n      save();\n    } catch (IOException e) {\n      e.printStackTrace();\n    }\n"),
      good: inMethod(
        '    try {\n      save();\n    } catch (IOException e) {\n      log.warn("not saved", e);\n    }\n',
      ),
    }),
    sqlFromStrings({
      source: `${spotBugs}sql-nonconstant-string-passed-to-execute-or-addbatch-method-on-an-sql-statement-sql-nonconstant-string-passed-to-execute`,
      query: `(method_invocation name: (identifier) @method arguments: (argument_list . (binary_expression) @text)
        (#match? @method "^(?:execute|executeQuery|executeUpdate|addBatch|prepareStatement|createQuery|createNativeQuery|queryForObject|queryForList)$")) @at`,
      bad: inMethod(`    db.executeQuery("SELECT * FROM orders WHERE name = '" + name + "'");\n`),
      good: inMethod('    db.prepareStatement("SELECT * FROM orders WHERE name = ?");\n'),
    }),
    commandFromStrings({
      source: "https://find-sec-bugs.github.io/bugs.htm#COMMAND_INJECTION",
      query: `(method_invocation object: (method_invocation name: (identifier) @runtime) name: (identifier) @exec arguments: (argument_list . (binary_expression) .)
        (#eq? @runtime "getRuntime") (#eq? @exec "exec")) @at`,
      bad: inMethod('    Runtime.getRuntime().exec("ls " + folder);\n'),
      good: inMethod('    new ProcessBuilder("ls", folder).start();\n'),
    }),
    selfAssignment({
      source: `${spotBugs}sa-self-assignment-of-field-sa-field-self-assignment`,
      query: `(assignment_expression left: (_) @left operator: "=" right: (_) @right) @at`,
      bad: inMethod("    price = price;\n"),
      good: inMethod("    this.price = price;\n"),
    }),
    sameOperands({
      source: `${spotBugs}sa-self-comparison-of-value-with-itself-sa-local-self-comparison`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inMethod("    if (from < from) stop();\n"),
      good: inMethod("    if (from < to) stop();\n"),
    }),
    repeatedConditionRule({
      source: `${spotBugs}ucf-useless-control-flow-ucf-useless-control-flow`,
      query: "(if_statement) @if",
      bad: inMethod("    if (n > 3) stop();\n    else if (n > 3) goOn();\n"),
      good: inMethod("    if (n > 3) stop();\n    else if (n > 2) goOn();\n"),
    }),
    sameBranchesRule({
      source: `${spotBugs}db-method-uses-the-same-code-for-two-branches-db-duplicate-branches`,
      query: "(if_statement) @if",
      bad: inMethod("    if (n > 3) {\n      stop();\n    } else {\n      stop();\n    }\n"),
      good: inMethod("    if (n > 3) {\n      stop();\n    } else {\n      goOn();\n    }\n"),
    }),
    assignedCondition({
      source: `${spotBugs}qba-method-assigns-boolean-literal-in-boolean-expression-qba-questionable-boolean-assignment`,
      query: `(if_statement condition: (parenthesized_expression . (assignment_expression operator: "=" right: [(true) (false)]) @at .))`,
      bad: inMethod("    if (open = true) close();\n"),
      good: inMethod("    if (open) close();\n"),
    }),
    emptyBody({
      source: `${pmd}errorprone.html#emptycontrolstatement`,
      query: `(if_statement consequence: ";" @at !alternative)`,
      bad: inMethod("    if (open);\n    close();\n"),
      good: inMethod("    if (open) close();\n"),
    }),
    returnInFinally({
      source: `${pmd}errorprone.html#returnfromfinallyblock`,
      query: "(return_statement) @at",
      bad: "class Shop {\n  int run() {\n    try {\n      save();\n    } finally {\n      return 1;\n    }\n  }\n}\n",
      good: "class Shop {\n  int run() {\n    try {\n      return 1;\n    } finally {\n      close();\n    }\n  }\n}\n",
    }),
    unclosed(
      /^(?:close|getChannel|getFD|get\w*Stream)$/,
      /^method_invocation$/,
    )({
      source: `${pmd}bestpractices.html#usetrywithresources`,
      query: `(local_variable_declaration type: (type_identifier) @type declarator: (variable_declarator name: (identifier) @name value: (object_creation_expression)) @at
        (#match? @type "^(?:File(?:Input|Output)Stream|File(?:Reader|Writer)|ZipFile|RandomAccessFile|Socket|ServerSocket)$"))`,
      bad: inMethod("    FileWriter out = new FileWriter(name);\n    out.write(text);\n"),
      good: inMethod("    try (FileWriter out = new FileWriter(name)) {\n      out.write(text);\n    }\n"),
    }),
    {
      id: "equals-without-hash",
      severity: "major",
      title: "`equals` without `hashCode`",
      why: "Equal objects then have different hashes: a HashMap or HashSet doesn't find them.",
      source: `${spotBugs}he-class-defines-equals-but-not-hashcode-he-equals-no-hashcode`,
      query: `(class_body (method_declaration name: (identifier) @at parameters: (formal_parameters . (formal_parameter type: (type_identifier) @object) .))
        (#eq? @at "equals") (#eq? @object "Object")) @class`,
      when: ({ nodes, path }) => !isTest(path) && !/\bint\s+hashCode\s*\(\s*\)/.test(nodes.class?.text ?? ""),
      bad: "class Price {\n  public boolean equals(Object other) {\n    return other instanceof Price;\n  }\n}\n",
      good: "class Price {\n  public boolean equals(Object other) {\n    return other instanceof Price;\n  }\n\n  public int hashCode() {\n    return 1;\n  }\n}\n",
    },
    {
      id: "thread-run",
      severity: "major",
      title: "Runs in this thread",
      why: "`run` is an ordinary call. `start` makes the new thread and calls `run` in it.",
      source: `${spotBugs}ru-invokes-run-on-a-thread-did-you-mean-to-start-it-instead-ru-invoke-run`,
      query: `(method_invocation object: (object_creation_expression type: (type_identifier) @type) name: (identifier) @run (#eq? @type "Thread") (#eq? @run "run")) @at`,
      bad: inMethod("    new Thread(job).run();\n"),
      good: inMethod("    new Thread(job).start();\n"),
    },
    {
      id: "decimal-of-double",
      severity: "major",
      title: "A decimal of an inexact number",
      why: "`new BigDecimal(0.1)` is 0.1000000000000000055511151231257827…, the binary number nearest to it. Give it a string, or use `valueOf`.",
      source: `${spotBugs}dmi-bigdecimal-constructed-from-double-that-isn-t-represented-precisely-dmi-bigdecimal-constructed-from-double`,
      query: `(object_creation_expression type: (type_identifier) @type arguments: (argument_list . (decimal_floating_point_literal) @number .) (#eq? @type "BigDecimal")) @at`,
      when: ({ nodes, path }) => !isTest(path) && !/\.(?:0|5|25|75|125)?[dDfF]?$/.test(nodes.number?.text ?? ""),
      bad: inMethod("    pay(new BigDecimal(0.1));\n"),
      good: inMethod('    pay(new BigDecimal("0.1"));\n'),
    },
    {
      id: "random-zero",
      severity: "major",
      title: "Always 0",
      why: "The cast applies to the random number between 0 and 1 before it is multiplied. Put the product in parentheses.",
      source: `${spotBugs}rv-random-value-from-0-to-1-is-coerced-to-the-integer-0-rv-01-to-int`,
      query: `(cast_expression type: (integral_type) value: (method_invocation object: (identifier) @math name: (identifier) @random (#eq? @math "Math") (#eq? @random "random"))) @at`,
      bad: inMethod("    pick((int) Math.random() * 6);\n"),
      good: inMethod("    pick((int) (Math.random() * 6));\n"),
    },
    {
      id: "unused-string",
      severity: "major",
      title: "The new string is not used",
      why: "Strings don't change: the method returns a new one, which is thrown away here.",
      source: `${spotBugs}rv-method-ignores-return-value-rv-return-value-ignored`,
      query: `(expression_statement (method_invocation object: (identifier) @receiver name: (identifier) @name) @at (#match? @name "^(?:trim|strip|toLowerCase|toUpperCase|replace|replaceAll|concat)$"))`,
      when: ({ nodes: { at, receiver }, path }) =>
        !isTest(path) &&
        new RegExp(`\\bString\\s+${receiver?.text}\\b`).test(
          (at && around(at, /^(?:method|constructor)_declaration$/)?.text) ?? "",
        ),
      bad: inMethod("    folder.trim();\n"),
      good: inMethod("    folder = folder.trim();\n"),
    },
  ],
};
