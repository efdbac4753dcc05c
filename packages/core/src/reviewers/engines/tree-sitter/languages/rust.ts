import {
  commandFromStrings,
  leftOver,
  repeatedConditionRule,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  sqlFromStrings,
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { isTest } from "../predicates";

const inFunction = (body: string) => `fn run(folder: &str) {\n${body}}\n`;
const clippy = "https://rust-lang.github.io/rust-clippy/master/index.html#";

export const rust: GrammarLanguage = {
  id: "rust",
  wasm: "tree-sitter-rust/tree-sitter-rust.wasm",
  outline: `
    (function_item name: (_) @name) @function
    (closure_expression) @function
    [(struct_item name: (_) @name) (enum_item name: (_) @name) (trait_item name: (_) @name) (impl_item type: (_) @name) (mod_item name: (_) @name)] @symbol
    [(if_expression) (while_expression) (for_expression) (loop_expression) (match_arm) (try_expression) "&&" "||"] @decision
    [(line_comment) (block_comment)] @comment`,
  brackets: "cFamily",
  rules: [
    sameOperands({
      source: `${clippy}eq_op`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inFunction("    if from < from {\n        stop();\n    }\n"),
      good: inFunction("    if from < to {\n        stop();\n    }\n"),
    }),
    selfAssignment({
      source: `${clippy}self_assignment`,
      query: "(assignment_expression left: (_) @left right: (_) @right) @at",
      bad: inFunction("    price = price;\n"),
      good: inFunction("    self.price = price;\n"),
    }),
    repeatedConditionRule({
      source: `${clippy}ifs_same_cond`,
      query: "(if_expression) @if",
      bad: inFunction("    if n > 3 {\n        stop();\n    } else if n > 3 {\n        go_on();\n    }\n"),
      good: inFunction("    if n > 3 {\n        stop();\n    } else if n > 2 {\n        go_on();\n    }\n"),
    }),
    sameBranchesRule({
      source: `${clippy}if_same_then_else`,
      query: "(if_expression) @if",
      bad: inFunction("    if n > 3 {\n        stop();\n    } else {\n        stop();\n    }\n"),
      good: inFunction("    if n > 3 {\n        stop();\n    } else {\n        go_on();\n    }\n"),
    }),
    unreachable({
      source: "https://doc.rust-lang.org/rustc/lints/listing/warn-by-default.html#unreachable-code",
      query: "(block (expression_statement [(return_expression) (break_expression) (continue_expression)]) @exit)",
      bad: inFunction("    return;\n    stop();\n"),
      good: inFunction("    stop();\n    return;\n"),
    }),
    leftOver({
      source: `${clippy}dbg_macro`,
      query: `(macro_invocation macro: (identifier) @macro (#eq? @macro "dbg")) @at`,
      bad: inFunction("    dbg!(order);\n"),
      good: inFunction('    log::debug!("{order:?}");\n'),
    }),
    {
      id: "unlocked-at-once",
      severity: "major",
      title: "The lock is released at once",
      why: "`let _ =` drops its value where it stands, so nothing after this line is guarded. Give the guard a name: `let _guard =`.",
      source: `${clippy}let_underscore_lock`,
      query: `(let_declaration pattern: "_" value: (_) @value) @at`,
      when: ({ nodes: { value, at } }) =>
        /\.(?:lock|read|write)\(\)(?:\.await|\.unwrap\(\)|\.expect\("[^"]*"\)|\?)*$/.test(value?.text ?? "") &&
        /\.lock\(\)|\.(?:read|write)\(\)\.(?:unwrap|expect|await)/.test(value?.text ?? "") &&
        !/\b(?:stdin|stdout|stderr|std(?:in|out|err)\(\))/.test(value?.text ?? "") &&
        /^let\s+_\s*=/.test(at?.text ?? ""),
      bad: inFunction("    let _ = counter.lock().unwrap();\n    count();\n"),
      good: inFunction("    let _guard = counter.lock().unwrap();\n    count();\n"),
    },
    {
      id: "partial-write",
      severity: "major",
      confidence: "medium",
      title: "May write only a part",
      why: "`write` says how many bytes it took, which is dropped here. `write_all` goes on until all are written.",
      source: `${clippy}unused_io_amount`,
      query: `(expression_statement (try_expression [(call_expression function: (field_expression field: (field_identifier) @name) arguments: (arguments . (_) .))
          (await_expression (call_expression function: (field_expression field: (field_identifier) @name) arguments: (arguments . (_) .)))])) @at
        (expression_statement (call_expression function: (field_expression
          value: (call_expression function: (field_expression field: (field_identifier) @name) arguments: (arguments . (_) @written .)) field: (field_identifier) @unwrap) (#match? @unwrap "^(?:unwrap|expect)$"))) @at`,
      when: ({ nodes: { name, at }, path }) =>
        name?.text === "write" && /\.write\(\s*(?:&|b"|\w+\.as_bytes\(\)|buf)/.test(at?.text ?? "") && !isTest(path),
      bad: 'fn run() -> io::Result<()> {\n    file.write(b"order")?;\n    Ok(())\n}\n',
      good: 'fn run() -> io::Result<()> {\n    file.write_all(b"order")?;\n    Ok(())\n}\n',
    },
    {
      id: "unfinished",
      severity: "minor",
      title: "Panics: not written yet",
      why: "Whoever gets here ends the thread. Return an error, or write what is missing.",
      source: `${clippy}todo`,
      query: `(macro_invocation macro: (identifier) @macro (#eq? @macro "todo")) @at`,
      when: ({ path }) => !isTest(path) && !/(?:^|\/)examples\//.test(path),
      bad: inFunction("    todo!()\n"),
      good: inFunction("    stop()\n"),
    },
    {
      id: "constant-assert",
      severity: "minor",
      title: "Always true",
      why: "The assertion tests nothing.",
      source: `${clippy}assertions_on_constants`,
      query: `(macro_invocation macro: (identifier) @macro (token_tree . (boolean_literal) @value) (#eq? @macro "assert") (#eq? @value "true")) @at`,
      when: ({ nodes }) => /^assert!\(\s*true\s*[,)]/.test(nodes.at?.text ?? ""),
      bad: inFunction("    assert!(true);\n"),
      good: inFunction("    assert!(saved);\n"),
    },
    {
      id: "uninitialised",
      severity: "major",
      title: "A value of unknown bytes",
      why: "Making a value out of uninitialised memory is undefined behaviour, even if it is never read. Use `MaybeUninit` and write it before `assume_init`.",
      source: `${clippy}uninit_assumed_init`,
      query: `(call_expression function: (field_expression value: (call_expression function: (_) @uninit) field: (field_identifier) @assume) (#match? @uninit "MaybeUninit(?:::<[^\\\\[\\\\]]*>)?::uninit$") (#eq? @assume "assume_init")) @at
        (call_expression function: (_) @uninit (#match? @uninit "^(?:std::|core::)?mem::uninitialized$")) @at`,
      when: ({ nodes }) => !/MaybeUninit<\s*MaybeUninit|\[/.test(nodes.at?.text ?? ""),
      bad: inFunction("    let n: u8 = unsafe { MaybeUninit::uninit().assume_init() };\n    stop(n);\n"),
      good: inFunction("    let n: u8 = unsafe { MaybeUninit::zeroed().assume_init() };\n    stop(n);\n"),
    },
    sqlFromStrings({
      source: "https://docs.rs/sqlx/latest/sqlx/fn.query.html",
      query: `(call_expression function: [(identifier) @name (field_expression field: (field_identifier) @name) (scoped_identifier name: (identifier) @name)]
        arguments: (arguments . [(macro_invocation) @text (reference_expression (macro_invocation) @text)])
        (#match? @name "^(?:query|query_as|query_row|execute|prepare|sql_query)$")) @at`,
      bad: inFunction(`    db.execute(&format!("DELETE FROM orders WHERE name = '{}'", name));\n`),
      good: inFunction('    db.execute("DELETE FROM orders WHERE name = ?", [name]);\n'),
    }),
    commandFromStrings({
      source: "https://doc.rust-lang.org/std/process/struct.Command.html",
      query: `(call_expression function: (field_expression value: (_) @command field: (field_identifier) @arg) arguments: (arguments . [(macro_invocation) @format (reference_expression (macro_invocation) @format)])
        (#eq? @arg "arg") (#match? @command "Command::new\\\\(\\"(?:/bin/)?(?:ba)?sh\\"\\\\)[\\\\s\\\\S]*\\"-c\\"\\\\)$") (#match? @format "^format!")) @at`,
      bad: inFunction('    Command::new("sh").arg("-c").arg(format!("ls {}", folder)).status();\n'),
      good: inFunction('    Command::new("ls").arg(folder).status();\n'),
    }),
  ],
};
