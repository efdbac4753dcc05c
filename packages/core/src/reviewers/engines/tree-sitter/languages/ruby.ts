import {
  assignedCondition,
  commandFromStrings,
  leftOver,
  repeatedConditionRule,
  returnInFinally,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { isPure, isTest, partsOf, within } from "../predicates";

const inMethod = (body: string) => `def run(shop)\n${body}end\n`;
const lint = "https://docs.rubocop.org/rubocop/cops_lint.html#lint";

export const ruby: GrammarLanguage = {
  id: "ruby",
  wasm: "tree-sitter-ruby/tree-sitter-ruby.wasm",
  outline: `
    (method name: (_) @name) @function
    (singleton_method name: (_) @name) @function
    [(class name: (_) @name) (module name: (_) @name)] @symbol
    [(if) (elsif) (unless) (if_modifier) (unless_modifier) (while) (until) (while_modifier) (until_modifier) (for) (when) (in_clause) (rescue) (conditional) "&&" "||" "and" "or"] @decision
    (comment) @comment`,
  brackets: "ruby",
  // The grammar lacks some symbols of global variables.
  gaps: /:\$[:'"`,;.!?~&]/,
  rules: [
    leftOver({
      source: `${lint}debugger`,
      query: `((call receiver: (identifier) @binding method: (identifier) @pry) @at
        (#eq? @binding "binding") (#match? @pry "^(?:pry|irb|b|break|remote_pry)$"))
        (body_statement (identifier) @at (#match? @at "^(?:byebug|debugger)$"))`,
      bad: inMethod("  binding.pry\n  shop.open\n"),
      good: inMethod("  shop.open\n"),
    }),
    {
      id: "empty-rescue",
      severity: "minor",
      title: "The error is swallowed",
      why: "Whatever goes wrong here leaves no trace, and the code goes on as if it had worked. Handle it, log it, or say in a comment why it may be ignored.",
      source: `${lint}suppressedexception`,
      query: `(rescue !body) @at`,
      when: ({ nodes: { at }, path }) => {
        const next = at?.nextSibling;
        const below = at?.parent?.text.slice((at?.startIndex ?? 0) - (at?.parent?.startIndex ?? 0)) ?? "";
        const isCommented = /^rescue[^\n]*(?:#|\n\s*#)/.test(below) || next?.type === "comment";
        return (
          !isCommented && !isTest(path) && !/LoadError|StopIteration|NameError|Errno::|NotFound/.test(at?.text ?? "")
        );
      },
      bad: inMethod("  shop.save\nrescue StandardError\n"),
      good: inMethod("  shop.save\nrescue StandardError => e\n  log(e)\n"),
    },
    {
      id: "rescued-exception",
      severity: "minor",
      title: "Rescues what should end the program",
      why: "`Exception` includes interrupts, `exit` and a lack of memory. Rescue `StandardError`, or raise it again.",
      source: `${lint}rescueexception`,
      query: `(rescue exceptions: (exceptions . (constant) @class .) (#eq? @class "Exception")) @at`,
      when: ({ nodes: { at }, path }) => !isTest(path) && !/\b(?:raise|exit|abort|fail|Thread)\b/.test(at?.text ?? ""),
      bad: inMethod("  shop.save\nrescue Exception => e\n  log(e)\n"),
      good: inMethod("  shop.save\nrescue StandardError => e\n  log(e)\n"),
    },
    sameOperands({
      source: `${lint}binaryoperatorwithidenticaloperands`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inMethod("  stop if shop.from < shop.from\n").replaceAll("shop.", "@"),
      good: inMethod("  stop if @from < @to\n"),
    }),
    selfAssignment({
      source: `${lint}selfassignment`,
      query: "(assignment left: (_) @left right: (_) @right) @at",
      bad: inMethod("  shop = shop\n"),
      good: inMethod("  @shop = shop\n"),
    }),
    repeatedConditionRule({
      source: `${lint}duplicateelsifcondition`,
      query: "(if) @if",
      bad: inMethod("  if shop > 3\n    stop\n  elsif shop > 3\n    go_on\n  end\n"),
      good: inMethod("  if shop > 3\n    stop\n  elsif shop > 2\n    go_on\n  end\n"),
    }),
    sameBranchesRule({
      source: `${lint}duplicatebranch`,
      query: "(if) @if",
      bad: inMethod("  if shop > 3\n    stop\n  else\n    stop\n  end\n"),
      good: inMethod("  if shop > 3\n    stop\n  else\n    go_on\n  end\n"),
    }),
    {
      id: "repeated-when",
      severity: "major",
      title: "An earlier `when` has the same value, so this one never runs",
      why: "The first that matches is taken. One of the two was meant to be another.",
      source: `${lint}duplicatecasecondition`,
      query: "(case) @case",
      when: ({ nodes }) => {
        const seen = new Set<string>();
        const patterns = nodes.case
          ? partsOf(nodes.case)
              .filter(({ type }) => type === "when")
              .flatMap(patternsOf)
          : [];
        for (const pattern of patterns) {
          if (isPure(pattern) && seen.has(pattern.text)) return pattern;
          seen.add(pattern.text);
        }
        return false;
      },
      bad: inMethod("  case shop\n  when 1 then stop\n  when 1 then go_on\n  end\n"),
      good: inMethod("  case shop\n  when 1 then stop\n  when 2 then go_on\n  end\n"),
    },
    {
      id: "repeated-key",
      severity: "major",
      title: "The same key again: the value before it is lost",
      why: "A hash keeps the last value of a key.",
      source: `${lint}duplicatehashkey`,
      query: "(hash) @hash",
      when: ({ nodes }) => {
        const seen = new Set<string>();
        for (const pair of nodes.hash ? partsOf(nodes.hash) : []) {
          const key = pair.type === "pair" ? pair.childForFieldName("key") : null;
          if (!key || !/^(?:hash_key_symbol|simple_symbol|string|integer)$/.test(key.type)) continue;
          if (within(key, "interpolation").length > 0) continue;
          const name = `${key.type} ${key.text}`;
          if (seen.has(name)) return key;
          seen.add(name);
        }
        return false;
      },
      bad: inMethod("  save({ name: 1, name: 2 })\n"),
      good: inMethod("  save({ name: 1, price: 2 })\n"),
    },
    assignedCondition({
      source: `${lint}assignmentincondition`,
      query:
        "[(if condition: (assignment right: [(integer) (true) (false) (nil) (string)]) @at) (if_modifier condition: (assignment right: [(integer) (true) (false) (nil) (string)]) @at)]",
      bad: inMethod("  stop if shop = 1\n"),
      good: inMethod("  stop if shop == 1\n"),
    }),
    unreachable({
      source: `${lint}unreachablecode`,
      query: `[(body_statement [(return) (break) (next) (call method: (identifier) @raise !receiver (#eq? @raise "raise"))] @exit)
        (then [(return) (break) (next) (call method: (identifier) @raise !receiver (#eq? @raise "raise"))] @exit)]`,
      bad: inMethod("  return 1\n  stop(shop)\n"),
      good: inMethod("  stop(shop)\n  return 1\n"),
    }),
    returnInFinally({
      source: `${lint}ensurereturn`,
      query: "(return) @at",
      bad: inMethod("  shop.save\nensure\n  return 1\n"),
      good: inMethod("  return 1\nensure\n  shop.close\n"),
    }),
    {
      id: "sql-from-strings",
      severity: "major",
      confidence: "medium",
      title: "SQL put together of strings",
      why: "A value with a quote in it changes the statement: at best it fails, at worst someone reads or deletes your data. Pass values as parameters.",
      source: "https://brakemanscanner.org/docs/warning_types/sql_injection/",
      query: `(call method: (identifier) @name arguments: (argument_list . (string (interpolation) @value) @text)
        (#match? @name "^(?:where|having|find_by_sql|execute|exec_query|select_all|delete_all|update_all|order)$")) @at`,
      when: ({ nodes: { text, name }, path }) =>
        !isTest(path) &&
        name?.text !== "order" &&
        /(?:=|<|>|\bLIKE|\bIN\s*\()\s*\\?['"]?%?#\{(?!\s*(?:\w*connection\.|conn\.|\w*quote|sanitize|[A-Z_]+\b|\w*\.?(?:table_name|quoted|arel|to_sql)))/.test(
          text?.text ?? "",
        ) &&
        !/quote|sanitize|table_name|to_sql|arel/.test(text?.text ?? ""),
      bad: inMethod(`  Order.where("name = '#{shop}'")\n`),
      good: inMethod("  Order.where(name: shop)\n"),
    },
    commandFromStrings({
      source: "https://brakemanscanner.org/docs/warning_types/command_injection/",
      query: `(call !receiver method: (identifier) @name arguments: (argument_list . (string (interpolation)) @text .)
        (#match? @name "^(?:system|exec|spawn)$") (#not-match? @text "[eE]scape")) @at`,
      bad: inMethod('  system("ls #{shop}")\n'),
      good: inMethod('  system("ls", shop)\n'),
    }),
  ],
};

const patternsOf = (when: Parameters<typeof partsOf>[0]) => partsOf(when).filter(({ type }) => type === "pattern");
