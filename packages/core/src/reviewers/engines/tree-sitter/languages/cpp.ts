import { sqlFromStrings } from "../families";
import type { GrammarLanguage } from "../language";
import { around, isTest, literally } from "../predicates";
import { cFamilyRules, decisions } from "./c-family";

const inFunction = (body: string) => `void run(Shop &shop) {\n${body}}\n`;
const tidy = "https://clang.llvm.org/extra/clang-tidy/checks/";

export const cpp: GrammarLanguage = {
  id: "cpp",
  wasm: "tree-sitter-cpp/tree-sitter-cpp.wasm",
  outline: `
    (function_definition declarator: [(function_declarator declarator: (_) @name) (_ (function_declarator declarator: (_) @name))]) @function
    (lambda_expression) @function
    [(class_specifier name: (_) @name body: (_)) (struct_specifier name: (_) @name body: (_)) (namespace_definition name: (_) @name)] @symbol
    [(for_range_loop) (catch_clause)] @decision
    ${decisions}`,
  brackets: "cFamily",
  refusesValid: true,
  rules: [
    ...cFamilyRules("cpp"),
    {
      id: "caught-by-value",
      severity: "minor",
      title: "Copies the exception and cuts it",
      why: "Caught by value, an exception of a derived class loses what is its own, `what()` included. Catch it by reference.",
      source: `${tidy}misc/throw-by-value-catch-by-reference.html`,
      query: `(catch_clause parameters: (parameter_list . (parameter_declaration type: [(qualified_identifier) (type_identifier)] @type declarator: (identifier)) @at .) (#match? @type "(?:exception|[eE]rror|Exception)$"))`,
      when: ({ path }) => !isTest(path),
      bad: inFunction("  try {\n    shop.save();\n  } catch (std::exception e) {\n    log(e);\n  }\n"),
      good: inFunction("  try {\n    shop.save();\n  } catch (const std::exception &e) {\n    log(e);\n  }\n"),
    },
    {
      id: "thrown-pointer",
      severity: "minor",
      title: "Throws a pointer",
      why: "Nobody who catches it by reference gets it, and nobody knows who deletes it. Throw the object.",
      source: `${tidy}misc/throw-by-value-catch-by-reference.html`,
      query: "(throw_statement (new_expression)) @at",
      bad: inFunction('  throw new ShopError("closed");\n'),
      good: inFunction('  throw ShopError("closed");\n'),
    },
    {
      id: "moved-result",
      severity: "minor",
      title: "The move prevents that the copy is left out",
      why: "A local variable that is returned is moved, or made in place, without being told. `std::move` makes that impossible.",
      source: "https://clang.llvm.org/docs/DiagnosticsReference.html#wpessimizing-move",
      query: `(return_statement (call_expression function: (qualified_identifier) @move arguments: (argument_list . (identifier) @value .)) @at (#eq? @move "std::move"))`,
      when: ({ nodes: { at, value } }) => {
        const owner = at && around(at, /^(?:function_definition|lambda_expression)$/);
        const body = owner?.childForFieldName("body")?.text ?? "";
        const returns = owner?.childForFieldName("type")?.text ?? "";
        // A local of exactly the function's type, declared once.
        return (
          new RegExp(`^\\s*${literally(returns)}\\s+${value?.text}\\s*[;({=]`, "m").test(body) &&
          returns !== "" &&
          returns !== "auto"
        );
      },
      bad: "Order make(int n) {\n  Order order(n);\n  return std::move(order);\n}\n",
      good: "Order make(int n) {\n  Order order(n);\n  return order;\n}\n",
    },
    {
      id: "unused-empty",
      severity: "major",
      title: "Only asks whether it is empty",
      why: "`empty()` changes nothing and its answer isn't used. `clear()` empties.",
      source: `${tidy}bugprone/standalone-empty.html`,
      query: `(expression_statement (call_expression function: (field_expression field: (field_identifier) @empty) arguments: (argument_list) @none) @at (#eq? @empty "empty") (#eq? @none "()"))`,
      when: ({ path }) => !isTest(path),
      bad: inFunction("  shop.orders.empty();\n"),
      good: inFunction("  shop.orders.clear();\n"),
    },
    {
      id: "unlocked-at-once",
      severity: "major",
      title: "The lock is released at once",
      why: "Without a name it is a temporary, destroyed at the end of this line: nothing after it is guarded.",
      source: `${tidy}bugprone/unused-raii.html`,
      query: `(expression_statement (call_expression function: [(qualified_identifier name: (template_function name: (identifier) @guard)) (template_function name: (identifier) @guard) (qualified_identifier name: (identifier) @guard)] arguments: (argument_list . (_))) @at
        (#match? @guard "^(?:lock_guard|unique_lock|scoped_lock|shared_lock)$"))`,
      bad: inFunction("  std::lock_guard<std::mutex>(shop.mutex);\n  shop.count++;\n"),
      good: inFunction("  std::lock_guard<std::mutex> lock(shop.mutex);\n  shop.count++;\n"),
    },
    {
      id: "position-as-truth",
      severity: "major",
      title: "True unless it is found at the beginning",
      why: "`find` gives a position, 0 at the beginning and `npos`, which is true, where it isn't found. Compare with `npos`.",
      source: "https://rules.sonarsource.com/cpp/",
      query: `(if_statement condition: (condition_clause . value: (call_expression function: (field_expression field: (field_identifier) @find) arguments: (argument_list . (string_literal) .)) @at . ) (#match? @find "^r?find$"))`,
      bad: inFunction('  if (shop.name.find("open")) stop();\n'),
      good: inFunction('  if (shop.name.find("open") != std::string::npos) stop();\n'),
    },
    {
      id: "namespace-in-header",
      severity: "minor",
      title: "Gives every file that includes it all names of the namespace",
      why: "Names then clash in files that never asked for them. Write the namespace out, or put this inside of a function.",
      source: "https://clang.llvm.org/extra/clang-tidy/checks/google/build-using-namespace.html",
      query: `(translation_unit (using_declaration "namespace" (_)) @at)`,
      when: ({ path }) => /\.(?:h|hh|hpp|hxx|cpp)$/.test(path) && (/\.h\w*$/.test(path) || path === "example.cpp"),
      bad: "using namespace std;\n",
      good: "using std::string;\n",
    },
    sqlFromStrings({
      source: "https://rules.sonarsource.com/cpp/",
      query: `(call_expression function: [(identifier) @function (field_expression field: (field_identifier) @function)] arguments: (argument_list (binary_expression operator: "+") @text) (#match? @function "^(?:exec|execute|query|prepare|sqlite3_exec|mysql_query|PQexec)$")) @at`,
      bad: inFunction(`  db.execute("DELETE FROM orders WHERE name = '" + name + "'");\n`),
      good: inFunction('  db.execute("DELETE FROM orders WHERE name = ?", name);\n'),
    }),
  ],
};
