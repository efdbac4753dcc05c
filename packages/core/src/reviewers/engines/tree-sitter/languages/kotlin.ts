import {
  commandFromStrings,
  emptyCatch,
  leftOver,
  repeatedConditionRule,
  returnInFinally,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  sqlFromStrings,
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { around, isPure, isTest, partsOf } from "../predicates";

const inFunction = (body: string) => `fun run(shop: Shop) {\n${body}}\n`;
const detekt = "https://detekt.dev/docs/rules/";

export const kotlin: GrammarLanguage = {
  id: "kotlin",
  wasm: "@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm",
  outline: `
    (function_declaration name: (_) @name) @function
    [(lambda_literal) (anonymous_function) (secondary_constructor) (getter) (setter)] @function
    [(class_declaration name: (_) @name) (object_declaration name: (_) @name)] @symbol
    [(if_expression) (for_statement) (while_statement) (do_while_statement) (when_entry) (catch_block) "&&" "||" "?:"] @decision
    [(line_comment) (block_comment)] @comment`,
  brackets: "cFamily",
  refusesValid: true,
  rules: [
    emptyCatch({
      source: `${detekt}empty-blocks#emptycatchblock`,
      query: "(catch_block . (identifier) @name (block) @body) @at",
      bad: inFunction("    try {\n        save(shop)\n    } catch (e: IOException) {\n    }\n"),
      good: inFunction("    try {\n        save(shop)\n    } catch (e: IOException) {\n        log(e)\n    }\n"),
    }),
    leftOver({
      id: "print-stack-trace",
      title: "Prints the stack trace and goes on",
      why: "It goes to the error output, past the log, and the caller learns nothing. Log the exception, or throw it on.",
      source: `${detekt}exceptions#printstacktrace`,
      query: `((catch_block (block (call_expression (navigation_expression (identifier) (identifier) @name)) @at)) (#eq? @name "printStackTrace"))`,
      bad: inFunction(
        "    try {\n        save(shop)\n    } catch (e: IOException) {\n        e.printStackTrace()\n    }\n",
      ),
      good: inFunction("    try {\n        save(shop)\n    } catch (e: IOException) {\n        log(e)\n    }\n"),
    }),
    returnInFinally({
      source: `${detekt}exceptions#returnfromfinally`,
      query: "(return_expression) @at",
      bad: inFunction("    try {\n        save(shop)\n    } finally {\n        return\n    }\n"),
      good: inFunction("    try {\n        return\n    } finally {\n        close(shop)\n    }\n"),
    }),
    unreachable({
      source: `${detekt}potential-bugs#unreachablecode`,
      query: "(block [(return_expression) (throw_expression)] @exit)",
      bad: inFunction("    return\n    stop(shop)\n"),
      good: inFunction("    stop(shop)\n    return\n"),
    }),
    sameOperands({
      source: "https://www.jetbrains.com/help/inspectopedia/KotlinConstantConditions.html",
      query: '["==" "===" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inFunction("    if (from < from) stop(shop)\n"),
      good: inFunction("    if (from < to) stop(shop)\n"),
    }),
    selfAssignment({
      source: "https://www.jetbrains.com/help/inspectopedia/SelfAssignment.html",
      query: `(assignment left: (_) @left "=" right: (_) @right) @at`,
      bad: inFunction("    price = price\n"),
      good: inFunction("    this.price = price\n"),
    }),
    repeatedConditionRule({
      source: "https://www.jetbrains.com/help/inspectopedia/KotlinConstantConditions.html",
      query: "(if_expression) @if",
      bad: inFunction("    if (n > 3) stop(shop) else if (n > 3) goOn(shop)\n"),
      good: inFunction("    if (n > 3) stop(shop) else if (n > 2) goOn(shop)\n"),
    }),
    sameBranchesRule({
      source: "https://rules.sonarsource.com/kotlin/RSPEC-3923/",
      query: "(if_expression) @if",
      bad: inFunction("    if (n > 3) {\n        stop(shop)\n    } else {\n        stop(shop)\n    }\n"),
      good: inFunction("    if (n > 3) {\n        stop(shop)\n    } else {\n        goOn(shop)\n    }\n"),
    }),
    {
      id: "repeated-when",
      severity: "major",
      title: "An earlier branch has the same condition, so this one never runs",
      why: "`when` takes the first branch that matches. One of the two was meant to be another.",
      source: "https://www.jetbrains.com/help/inspectopedia/KotlinConstantConditions.html",
      query: "(when_expression) @when",
      when: ({ nodes }) => {
        const seen = new Set<string>();
        for (const entry of nodes.when ? partsOf(nodes.when) : []) {
          for (const condition of entry.childrenForFieldName("condition")) {
            if (!condition || !isPure(condition)) continue;
            if (seen.has(condition.text)) return condition;
            seen.add(condition.text);
          }
        }
        return false;
      },
      bad: inFunction("    when (n) {\n        1 -> stop(shop)\n        1 -> goOn(shop)\n    }\n"),
      good: inFunction("    when (n) {\n        1 -> stop(shop)\n        2 -> goOn(shop)\n    }\n"),
    },
    {
      id: "equals-without-hash",
      severity: "major",
      title: "`equals` without `hashCode`",
      why: "Equal objects then have different hashes: a HashMap or HashSet doesn't find them.",
      source: `${detekt}potential-bugs#equalswithhashcodeexist`,
      query: `(class_body (function_declaration name: (identifier) @at (function_value_parameters (parameter (nullable_type (user_type (identifier) @any))))) (#eq? @at "equals") (#eq? @any "Any")) @class`,
      when: ({ nodes, path }) => !isTest(path) && !/fun hashCode\s*\(/.test(nodes.class?.text ?? ""),
      bad: "class Price {\n    override fun equals(other: Any?): Boolean = other is Price\n}\n",
      good: "class Price {\n    override fun equals(other: Any?): Boolean = other is Price\n\n    override fun hashCode(): Int = 1\n}\n",
    },
    {
      id: "sleep-in-coroutine",
      severity: "major",
      title: "Blocks the thread that other coroutines run on",
      why: "`Thread.sleep` holds the thread. `delay` lets it go on with other work.",
      source: `${detekt}coroutines#sleepinsteadofdelay`,
      query: `(call_expression (navigation_expression (identifier) @thread (identifier) @sleep) (#eq? @thread "Thread") (#eq? @sleep "sleep")) @at`,
      when: ({ nodes: { at }, path }) => {
        const owner = at && around(at, /^(?:function_declaration|lambda_literal|anonymous_function|getter)$/);
        return (
          owner?.type === "function_declaration" &&
          /^(?:[@\w\s()"]*\s)?suspend\b[^{=]*\bfun\b/.test(owner.text) &&
          !isTest(path)
        );
      },
      bad: "suspend fun run() {\n    Thread.sleep(100)\n}\n",
      good: "suspend fun run() {\n    delay(100)\n}\n",
    },
    {
      id: "global-scope",
      severity: "minor",
      title: "Runs for as long as the program",
      why: "Nothing cancels it when what started it is gone, and nobody sees it fail. Launch it in a scope that ends.",
      source: `${detekt}coroutines#globalcoroutineusage`,
      query: `(navigation_expression (identifier) @scope (identifier) @launch (#eq? @scope "GlobalScope") (#match? @launch "^(?:launch|async)$")) @at`,
      when: ({ path }) => !isTest(path),
      bad: inFunction("    GlobalScope.launch { save(shop) }\n"),
      good: inFunction("    scope.launch { save(shop) }\n"),
    },
    sqlFromStrings({
      source: "https://rules.sonarsource.com/kotlin/RSPEC-2077/",
      query: `(call_expression (navigation_expression (identifier) @name .) (value_arguments . (value_argument [(string_literal) (binary_expression)] @text))
        (#match? @name "^(?:execSQL|rawQuery|executeQuery|executeUpdate|execute|prepareStatement|createQuery|createNativeQuery)$")) @at`,
      bad: inFunction(`    db.execSQL("DELETE FROM orders WHERE name = '$name'")\n`),
      good: inFunction('    db.execSQL("DELETE FROM orders WHERE name = ?", arrayOf(name))\n'),
    }),
    commandFromStrings({
      source: "https://find-sec-bugs.github.io/bugs.htm#COMMAND_INJECTION",
      query: `(call_expression (navigation_expression (call_expression (navigation_expression (identifier) (identifier) @runtime)) (identifier) @exec) (value_arguments . (value_argument [(string_literal) (binary_expression)] @text) .)
        (#eq? @runtime "getRuntime") (#eq? @exec "exec") (#match? @text "\\\\$\\\\{?[a-z]|\\" *\\\\+")) @at`,
      bad: inFunction('    Runtime.getRuntime().exec("ls $shop")\n'),
      good: inFunction('    ProcessBuilder("ls", shop).start()\n'),
    }),
  ],
};
