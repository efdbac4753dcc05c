import {
  assignedCondition,
  commandFromStrings,
  emptyBody,
  emptyCatch,
  repeatedConditionRule,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  sqlFromStrings,
  unclosed,
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { isAlike, isTest } from "../predicates";

const inMethod = (body: string) => `class Shop\n{\n    void Run(string folder)\n    {\n${body}    }\n}\n`;
const quality = "https://learn.microsoft.com/dotnet/fundamentals/code-analysis/quality-rules/";
const compiler = "https://learn.microsoft.com/dotnet/csharp/language-reference/compiler-messages/";

export const csharp: GrammarLanguage = {
  id: "csharp",
  wasm: "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
  outline: `
    (method_declaration name: (_) @name) @function
    (constructor_declaration name: (_) @name) @function
    (local_function_statement name: (_) @name) @function
    [(lambda_expression) (anonymous_method_expression) (accessor_declaration)] @function
    [(class_declaration name: (_) @name) (struct_declaration name: (_) @name) (interface_declaration name: (_) @name) (record_declaration name: (_) @name) (enum_declaration name: (_) @name)] @symbol
    [(if_statement) (for_statement) (foreach_statement) (while_statement) (do_statement) (catch_clause) (conditional_expression) (switch_expression_arm) "case" "&&" "||"] @decision
    (comment) @comment`,
  brackets: "cFamily",
  refusesValid: true,
  rules: [
    {
      id: "rethrown",
      severity: "minor",
      title: "Throws the exception anew",
      why: "`throw e` forgets where it came from: the stack trace begins here. `throw` alone keeps it.",
      source: `${quality}ca2200`,
      query: `(catch_clause (catch_declaration name: (identifier) @caught) body: (block (throw_statement (identifier) @thrown) @at))`,
      when: ({ nodes: { caught, thrown } }) => isAlike(caught, thrown),
      bad: inMethod("        try { Save(); }\n        catch (Exception e) { Log(e); throw e; }\n"),
      good: inMethod("        try { Save(); }\n        catch (Exception e) { Log(e); throw; }\n"),
    },
    emptyCatch({
      source: "https://rules.sonarsource.com/csharp/RSPEC-2486/",
      query:
        '(catch_clause (catch_declaration type: (identifier) @type) body: (block) @body (#match? @type "^(?:Exception|SystemException)$")) @at (catch_clause . body: (block) @body) @at',
      bad: inMethod("        try { Save(); }\n        catch (Exception) { }\n"),
      good: inMethod("        try { Save(); }\n        catch (Exception e) { Log(e); }\n"),
    }),
    sqlFromStrings({
      source: `${quality}ca2100`,
      query: `(object_creation_expression type: (_) @type arguments: (argument_list . (argument [(binary_expression) (interpolated_string_expression)] @text)) (#match? @type "(?:Sql|Db|SQLite|Npgsql|MySql|OleDb|Odbc)Command$")) @at
        (assignment_expression left: (member_access_expression name: (identifier) @name (#eq? @name "CommandText")) right: [(binary_expression) (interpolated_string_expression)] @text) @at`,
      bad: inMethod(`        command.CommandText = "SELECT * FROM orders WHERE name = '" + name + "'";\n`),
      good: inMethod('        command.CommandText = "SELECT * FROM orders WHERE name = @name";\n'),
    }),
    commandFromStrings({
      source: `${quality}ca3006`,
      query: `(invocation_expression function: (member_access_expression) @start arguments: (argument_list . (argument (string_literal) @shell) . (argument [(binary_expression) (interpolated_string_expression)]))
        (#match? @start "Process\\\\.Start$") (#match? @shell "\\"(?:cmd(?:\\\\.exe)?|powershell(?:\\\\.exe)?|(?:/bin/)?(?:ba)?sh)\\"")) @at`,
      bad: inMethod('        Process.Start("cmd.exe", "/c dir " + folder);\n'),
      good: inMethod('        Process.Start("explorer.exe", folder);\n'),
    }),
    selfAssignment({
      source: `${quality}ca2245`,
      query: `(expression_statement (assignment_expression left: (_) @left "=" right: (_) @right) @at)`,
      bad: inMethod("        price = price;\n"),
      good: inMethod("        this.price = price;\n"),
    }),
    sameOperands({
      source: `${compiler}cs1718`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inMethod("        if (from < from) Stop();\n"),
      good: inMethod("        if (from < to) Stop();\n"),
    }),
    repeatedConditionRule({
      source: "https://rules.sonarsource.com/csharp/RSPEC-1862/",
      query: "(if_statement) @if",
      bad: inMethod("        if (n > 3) Stop();\n        else if (n > 3) GoOn();\n"),
      good: inMethod("        if (n > 3) Stop();\n        else if (n > 2) GoOn();\n"),
    }),
    sameBranchesRule({
      source: "https://rules.sonarsource.com/csharp/RSPEC-3923/",
      query: "(if_statement) @if",
      bad: inMethod("        if (n > 3) { Stop(); }\n        else { Stop(); }\n"),
      good: inMethod("        if (n > 3) { Stop(); }\n        else { GoOn(); }\n"),
    }),
    assignedCondition({
      source: `${compiler}cs0665`,
      query: `(if_statement condition: (assignment_expression "=" right: (boolean_literal)) @at)`,
      bad: inMethod("        if (open = true) Close();\n"),
      good: inMethod("        if (open) Close();\n"),
    }),
    emptyBody({
      source: `${compiler}cs0642`,
      query: "(if_statement consequence: (empty_statement) @at !alternative)",
      bad: inMethod("        if (open);\n        Close();\n"),
      good: inMethod("        if (open) Close();\n"),
    }),
    unreachable({
      source: `${compiler}cs0162`,
      query: "(block [(return_statement) (throw_statement) (break_statement) (continue_statement)] @exit)",
      bad: inMethod("        return;\n        Stop();\n"),
      good: inMethod("        Stop();\n        return;\n"),
    }),
    unclosed(
      /^(?:Close|Dispose|DisposeAsync|ConfigureAwait)$/,
      /^member_access_expression$/,
    )({
      source: `${quality}ca2000`,
      query: `((local_declaration_statement (variable_declaration (variable_declarator name: (identifier) @name (object_creation_expression type: (identifier) @type arguments: (argument_list . (argument) @from))) @at)
        (#match? @from "[pP]ath|[fF]ile|[cC]onnection|[hH]ost") (#match? @type "^(?:FileStream|StreamReader|StreamWriter|BinaryReader|BinaryWriter|SqlConnection|TcpClient)$")) @declaration (#not-match? @declaration "^(?:await\\\\s+)?using\\\\b"))`,
      bad: inMethod("        var writer = new StreamWriter(path);\n        writer.Write(text);\n"),
      good: inMethod("        using var writer = new StreamWriter(path);\n        writer.Write(text);\n"),
    }),
    {
      id: "compared-with-nan",
      severity: "major",
      title: "Never equal to NaN",
      why: "NaN is not equal to anything, itself included. Ask with `double.IsNaN`.",
      source: `${quality}ca2242`,
      query: `(binary_expression operator: ["==" "!="] right: (member_access_expression) @nan (#match? @nan "^(?:[dD]ouble|float|Single)\\\\.NaN$")) @at`,
      bad: inMethod("        if (price == double.NaN) Stop();\n"),
      good: inMethod("        if (double.IsNaN(price)) Stop();\n"),
    },
    {
      id: "locked-this",
      severity: "minor",
      title: "Locks what others can lock, too",
      why: "Whoever has this object, or this type, can hold the lock for ever. Lock a private object.",
      source: "https://learn.microsoft.com/dotnet/csharp/language-reference/statements/lock#guidelines",
      query: `((lock_statement) @at (#match? @at "^lock\\\\s*\\\\(\\\\s*(?:this|typeof\\\\s*\\\\(\\\\w+\\\\))\\\\s*\\\\)"))`,
      bad: inMethod("        lock (this) { count++; }\n"),
      good: inMethod("        lock (gate) { count++; }\n"),
    },
    {
      id: "unsafe-deserialiser",
      severity: "major",
      title: "Reads objects that run code",
      why: "What `BinaryFormatter` reads decides which types are made: whoever writes the data can run code. It is gone from .NET 9.",
      source: `${quality}ca2300`,
      query: `(object_creation_expression type: (_) @type (#match? @type "^(?:[\\\\w.]+\\\\.)?BinaryFormatter$")) @at`,
      when: ({ path }) => !isTest(path),
      bad: inMethod("        var formatter = new BinaryFormatter();\n"),
      good: inMethod("        var order = JsonSerializer.Deserialize<Order>(stream);\n"),
    },
    {
      id: "async-void",
      severity: "minor",
      confidence: "medium",
      title: "Nobody can wait for it, or catch what it throws",
      why: "An exception in an `async void` method ends the process. Return a Task; `void` is for event handlers.",
      source: "https://github.com/microsoft/vs-threading/blob/main/docs/analyzers/VSTHRD100.md",
      query: `(method_declaration (modifier) @async returns: (predefined_type) @void name: (identifier) @at parameters: (parameter_list) @parameters (#eq? @async "async") (#eq? @void "void"))`,
      when: ({ nodes, path }) =>
        !isTest(path) &&
        !/\b(?:sender|\w*EventArgs|e|object\??)(?:\b|\s)/.test(nodes.parameters?.text ?? "") &&
        !/^On[A-Z]|Handler$|_/.test(nodes.at?.text ?? "") &&
        !/\boverride\b/.test(nodes.at?.parent?.text.slice(0, 60) ?? ""),
      bad: "class Shop\n{\n    async void Save(Order order)\n    {\n        await store.Put(order);\n    }\n}\n",
      good: "class Shop\n{\n    async Task Save(Order order)\n    {\n        await store.Put(order);\n    }\n}\n",
    },
  ],
};
