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
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { isAlike, isTest, partsOf } from "../predicates";

const code = (body: string) => `<?php\n\nfunction run($shop)\n{\n${body}}\n`;
const psalm = "https://psalm.dev/docs/running_psalm/issues/";
const phpstan = "https://phpstan.org/error-identifiers/";

export const php: GrammarLanguage = {
  id: "php",
  wasm: "tree-sitter-php/tree-sitter-php.wasm",
  outline: `
    (function_definition name: (_) @name) @function
    (method_declaration name: (_) @name) @function
    [(anonymous_function) (arrow_function)] @function
    [(class_declaration name: (_) @name) (interface_declaration name: (_) @name) (trait_declaration name: (_) @name) (enum_declaration name: (_) @name)] @symbol
    [(if_statement) (else_if_clause) (for_statement) (foreach_statement) (while_statement) (do_statement) (case_statement) (catch_clause) (conditional_expression) (match_conditional_expression) "&&" "||" "??"] @decision
    (comment) @comment`,
  brackets: "php",
  rules: [
    {
      id: "position-as-truth",
      severity: "major",
      title: "Taken for false at position 0",
      why: "`strpos` gives 0 where the text begins with it, and 0 is false. Compare with `=== false`, or use `str_contains`.",
      source: "https://www.php.net/manual/function.strpos.php",
      query: `(if_statement condition: (parenthesized_expression [(function_call_expression function: (name) @name)
          (unary_op_expression (function_call_expression function: (name) @name))]) @at (#match? @name "^(?:str|stri|mb_str|mb_stri)pos$"))`,
      when: ({ nodes: { at } }) => /,\s*(?:\$|["'][^"']*\w[^"']*\w)/.test(at?.text ?? ""),
      bad: code('    if (strpos($shop, "open")) {\n        stop();\n    }\n'),
      good: code('    if (str_contains($shop, "open")) {\n        stop();\n    }\n'),
    },
    assignedCondition({
      source: "https://github.com/phpmd/phpmd/blob/master/src/site/rst/rules/cleancode.rst#ifstatementassignment",
      query: `(if_statement condition: (parenthesized_expression . (assignment_expression "=" right: [(integer) (string) (boolean) (null)]) @at .))`,
      bad: code("    if ($shop = 1) {\n        stop();\n    }\n"),
      good: code("    if ($shop == 1) {\n        stop();\n    }\n"),
    }),
    emptyBody({
      source: "https://rules.sonarsource.com/php/RSPEC-1116/",
      query: "(if_statement body: (empty_statement) @at !alternative)",
      bad: code("    if ($shop);\n    stop();\n"),
      good: code("    if ($shop) {\n        stop();\n    }\n"),
    }),
    emptyCatch({
      source: "https://github.com/phpmd/phpmd/blob/master/src/site/rst/rules/design.rst#emptycatchblock",
      query: "(catch_clause name: (variable_name)? @name body: (compound_statement) @body) @at",
      bad: code("    try {\n        save();\n    } catch (Exception $e) {\n    }\n"),
      good: code("    try {\n        save();\n    } catch (Exception $e) {\n        report($e);\n    }\n"),
    }),
    selfAssignment({
      source: `${phpstan}assign.selfAssign`,
      query: `(expression_statement (assignment_expression left: (_) @left "=" right: (_) @right) @at)`,
      bad: code("    $shop = $shop;\n"),
      good: code("    $this->shop = $shop;\n"),
    }),
    sameOperands({
      source: `${phpstan}identical.alwaysTrue`,
      query: '["==" "===" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: code("    if ($from < $from) {\n        stop();\n    }\n"),
      good: code("    if ($from < $to) {\n        stop();\n    }\n"),
    }),
    repeatedConditionRule({
      source: `${phpstan}elseif.alwaysFalse`,
      query: "(if_statement) @if",
      bad: code("    if ($n > 3) {\n        stop();\n    } elseif ($n > 3) {\n        goOn();\n    }\n"),
      good: code("    if ($n > 3) {\n        stop();\n    } elseif ($n > 2) {\n        goOn();\n    }\n"),
    }),
    sameBranchesRule({
      source: "https://rules.sonarsource.com/php/RSPEC-3923/",
      query: "(if_statement) @if",
      bad: code("    if ($n > 3) {\n        stop();\n    } else {\n        stop();\n    }\n"),
      good: code("    if ($n > 3) {\n        stop();\n    } else {\n        goOn();\n    }\n"),
    }),
    unreachable({
      source: `${phpstan}deadCode.unreachable`,
      query: `(compound_statement [(return_statement) (break_statement) (continue_statement) (exit_statement) (expression_statement (throw_expression))] @exit)`,
      bad: code("    return 1;\n    stop();\n"),
      good: code("    stop();\n    return 1;\n"),
    }),
    returnInFinally({
      source: "https://rules.sonarsource.com/php/RSPEC-1143/",
      query: "(return_statement) @at",
      bad: code("    try {\n        save();\n    } finally {\n        return 1;\n    }\n"),
      good: code("    try {\n        return 1;\n    } finally {\n        close();\n    }\n"),
    }),
    {
      id: "repeated-key",
      severity: "major",
      title: "The same key again: the value before it is lost",
      why: "An array keeps the last value of a key.",
      source: `${psalm}DuplicateArrayKey/`,
      query: "(array_creation_expression) @array",
      when: ({ nodes }) => {
        const seen = new Set<string>();
        for (const element of nodes.array ? partsOf(nodes.array) : []) {
          const [key, value] = partsOf(element);
          if (!key || !value || !/^(?:string|encapsed_string|integer)$/.test(key.type) || /\$/.test(key.text)) continue;
          if (seen.has(key.text)) return key;
          seen.add(key.text);
        }
        return false;
      },
      bad: code('    save(["name" => 1, "name" => 2]);\n'),
      good: code('    save(["name" => 1, "price" => 2]);\n'),
    },
    sqlFromStrings({
      source: `${psalm}TaintedSql/`,
      query: `([(function_call_expression function: (name) @name arguments: (arguments (argument [(binary_expression operator: ".") (encapsed_string)] @text)))
        (member_call_expression name: (name) @name arguments: (arguments . (argument [(binary_expression operator: ".") (encapsed_string)] @text)))] @at
        (#match? @name "^(?:query|exec|prepare|execute|mysqli_query|pg_query|mysql_query|executeQuery|fetchAll|get_results|get_var)$"))`,
      bad: code(`    $db->query("SELECT * FROM orders WHERE name = '$shop'");\n`),
      good: code('    $db->prepare("SELECT * FROM orders WHERE name = ?");\n'),
    }),
    commandFromStrings({
      source: `${psalm}TaintedShell/`,
      query: `(function_call_expression function: (name) @name arguments: (arguments . (argument [(binary_expression operator: ".") (encapsed_string [(variable_name) (subscript_expression) (member_access_expression)])] @text))
        (#match? @name "^(?:exec|shell_exec|system|passthru|proc_open|popen)$") (#not-match? @text "escapeshell|[eE]scape|quote|__DIR__|PHP_BINARY")) @at`,
      bad: code('    exec("ls $shop");\n'),
      good: code('    exec("ls " . escapeshellarg($shop));\n'),
    }),
    {
      id: "echoed-input",
      severity: "major",
      title: "Writes what the request says into the page",
      why: "A link can then put a script into your page, which runs as the visitor. Escape it: `htmlspecialchars`.",
      source: `${psalm}TaintedHtml/`,
      query: `([(echo_statement [(subscript_expression . (variable_name) @input) (binary_expression (subscript_expression . (variable_name) @input))])
        (print_intrinsic (subscript_expression . (variable_name) @input))] @at (#match? @input "^\\\\$_(?:GET|POST|REQUEST|COOKIE)$"))`,
      bad: code('    echo $_GET["name"];\n'),
      good: code('    echo htmlspecialchars($_GET["name"]);\n'),
    },
    {
      id: "unserialised-input",
      severity: "major",
      title: "Makes objects of what the request says",
      why: "Whoever sends it chooses the classes whose methods run. Use JSON.",
      source: `${psalm}TaintedUnserialize/`,
      query: `(function_call_expression function: (name) @name arguments: (arguments . (argument) @argument) (#eq? @name "unserialize") (#match? @argument "\\\\$_(?:GET|POST|REQUEST|COOKIE)\\\\b")) @at`,
      bad: code('    unserialize($_COOKIE["cart"]);\n'),
      good: code('    json_decode($_COOKIE["cart"]);\n'),
    },
    leftOver({
      source: `${psalm}ForbiddenCode/`,
      query: `(expression_statement (function_call_expression function: (name) @name (#match? @name "^(?:var_dump|dd|xdebug_break|debug_zval_refcount)$"))) @at`,
      when: ({ path, nodes }) => !isTest(path) && !isAlike(nodes.at, undefined),
      bad: code("    var_dump($shop);\n"),
      good: code("    $this->log->debug($shop);\n"),
    }),
  ],
};
