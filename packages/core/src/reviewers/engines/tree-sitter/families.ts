/** Rules that many languages share. A language gives its query, its examples and the linter that says so, too. */
import type { Node } from "web-tree-sitter";
import type { QueryRule } from "./language";
import {
  around,
  isAlike,
  isBlank,
  isPure,
  isSample,
  isTest,
  nextOf,
  partsOf,
  repeatedCondition,
  sameBranches,
  usesParameter,
  within,
} from "./predicates";

type Own = Pick<QueryRule, "source" | "query" | "bad" | "good">;

/** `@operator` is the operator's token: a pattern of the whole expression takes seconds on a sum of hundreds. */
export const sameOperands = (own: Own): QueryRule => ({
  id: "same-operands",
  severity: "major",
  title: "Both sides of the operator are the same",
  why: "The result doesn't depend on the value: one side is a slip, often of copying.",
  when: ({ nodes: { operator }, path }) => {
    const whole = operator?.parent;
    const left = operator?.previousNamedSibling;
    const right = operator?.nextNamedSibling;
    const isBinary = whole && left && right && /^binary/.test(whole.type);
    const isSame = isBinary && isAlike(left, right) && isPure(left) && !/^[\d."']/.test(left.text) && !isTest(path);
    return isSame ? whole : false;
  },
  ...own,
});

/** `@left` and `@right`. */
export const selfAssignment = (own: Own): QueryRule => ({
  id: "self-assignment",
  severity: "major",
  title: "Assigned to itself",
  why: "The assignment does nothing: another name was meant on one side, such as the field of a parameter's name.",
  when: ({ nodes: { left, right }, path }) =>
    Boolean(left && right && isAlike(left, right) && isPure(left) && !isTest(path)),
  ...own,
});

/** `@if` is any conditional. */
export const repeatedConditionRule = (own: Own): QueryRule => ({
  id: "repeated-condition",
  severity: "major",
  title: "An earlier branch has the same condition, so this one never runs",
  why: "The chain takes the first branch whose condition is true. One of the two conditions was meant to be another.",
  when: ({ nodes }) => nodes.if && repeatedCondition(nodes.if),
  ...own,
});

/** `@if` is any conditional. */
export const sameBranchesRule = (own: Own): QueryRule => ({
  id: "same-branches",
  severity: "minor",
  title: "Every branch does the same",
  why: "The condition has no effect: one branch was copied and not changed, or the condition can go.",
  when: ({ nodes }) => nodes.if && sameBranches(nodes.if),
  ...own,
});

/** `@at` is the condition's assignment of a constant. */
export const assignedCondition = (own: Own): QueryRule => ({
  id: "assigned-condition",
  severity: "major",
  title: "Assigns a constant where a comparison was meant",
  why: "`=` sets the variable, and the condition is always that constant.",
  ...own,
});

/** `@at` is the empty statement. */
export const emptyBody = (own: Own & Partial<QueryRule>): QueryRule => ({
  id: "empty-if",
  severity: "major",
  title: "A semicolon ends this `if`, so what follows always runs",
  why: "The condition guards an empty statement. The block below it is not part of it.",
  ...own,
});

/** `@body` is the handler's block, `@name` the exception's name; what a comment or a name explains is meant. */
export const emptyCatch = (own: Own): QueryRule => ({
  id: "empty-catch",
  severity: "minor",
  title: "The error is swallowed",
  why: "Whatever goes wrong here leaves no trace, and the code goes on as if it had worked. Handle it, log it, or say in a comment why it may be ignored.",
  when: ({ nodes: { at, body, name }, path }) =>
    Boolean(
      at &&
        isBlank(body) &&
        !isTest(path) &&
        !isSample(path) &&
        !/^\$?(?:_|ignore|expected|ok\b|unused)/i.test(name?.text ?? ""),
    ) && !isExpected(at),
  ...own,
});

/** Exceptions that are answers, and bodies that close or return: what follows is the other answer. */
function isExpected(handler: Node | undefined): boolean {
  const head = handler?.text.slice(0, handler.text.indexOf("{")) ?? "";
  if (
    /NumberFormat|Parse|Format|ClassNotFound|NoSuch|NotFound|Interrupted|Cancel|Unsupported|Exists|Timeout|Closed|Stop/.test(
      head,
    )
  )
    return true;
  const tried = handler?.parent?.namedChildren.find((child) => child && /block|compound_statement/.test(child.type));
  const statements = tried ? partsOf(tried) : [];
  const last = statements.at(-1);
  return Boolean(
    last &&
      (/return|throw/.test(last.type) ||
        (statements.length === 1 &&
          /\b(?:[cC]lose|[dD]ispose|[sS]hutdown|[dD]elete|unlink|[kK]ill|[cC]ancel|remove)\w*\s*\(/.test(last.text))),
  );
}

/** `@exit` leaves the block. */
export const unreachable = (own: Own): QueryRule => ({
  id: "unreachable",
  severity: "major",
  title: "Never runs: the statement before it leaves the block",
  why: "What stands here was moved behind the exit by mistake, or is left over.",
  when: ({ nodes: { exit }, path }) => {
    if (isTest(path)) return false;
    const next = exit && nextOf(exit);
    return next &&
      !/^(?:rescue|ensure|else|elsif|when)$|label|case|declaration|definition|function|class|item|empty|^[;}]|preproc|defer|heredoc|^break/.test(
        next.type,
      )
      ? next
      : false;
  },
  ...own,
});

/** `@at` is a return in a `finally` block, itself not in a function inside of it. */
export const returnInFinally = (own: Own): QueryRule => ({
  id: "return-in-finally",
  severity: "major",
  title: "Returning here discards the exception under way",
  why: "`finally` runs while an exception passes through. Leaving the function in it makes the exception disappear.",
  when: ({ nodes: { at } }) =>
    Boolean(
      at &&
        around(
          at,
          /^(?:finally_clause|finally_block|ensure)$/,
          /lambda|function|method|closure|anonymous|^block$_|do_block/,
        ),
    ),
  ...own,
});

const sql = /\b(?:SELECT\s[\s\S]*\sFROM|INSERT\s+INTO|UPDATE\s[\s\S]*\sSET|DELETE\s+FROM)\b/i;
/** A value's place in SQL, filled by `+`, `.` or interpolation; a table's or column's name can't be a parameter. */
const valueHole =
  /(?:[=<>]|\b[Ll][Ii][Kk][Ee])\s*\\?['"`]?%?(?:["'`]\s*(?:\+|\.)\s*(?!["'`\s]|[A-Z_0-9]+\b)|\$\{?[a-z]|#\{|\{\$?[a-z]|\{\}|%[svq])/;
const madeSafe = /quote|escape|intval|\(int\)|sanitize|placeholder/i;

export const hasValueInSql = (text: string): boolean => sql.test(text) && valueHole.test(text) && !madeSafe.test(text);

/** `@text` is a string put together of values. */
export const sqlFromStrings = (own: Own & Partial<QueryRule>): QueryRule => ({
  id: "sql-from-strings",
  severity: "major",
  confidence: "medium",
  title: "SQL put together of strings",
  why: "A value with a quote in it changes the statement: at best it fails, at worst someone reads or deletes your data. Pass values as parameters.",
  when: ({ nodes: { at, text }, path }) => Boolean(at && text && hasValueInSql(text.text) && !isTest(path)),
  ...own,
});

/** `@text` is a command line put together of values. */
export const commandFromStrings = (own: Own): QueryRule => ({
  id: "command-from-strings",
  severity: "major",
  confidence: "medium",
  title: "A shell command put together of strings",
  why: "The shell reads spaces, quotes and `;` in the value as its own. Pass the arguments as a list, or quote the value.",
  when: ({ nodes: { at }, path }) => Boolean(at && !isTest(path) && usesParameter(at)),
  ...own,
});

/** `@at` is left over from debugging. */
export const leftOver = (own: Own & Partial<QueryRule>): QueryRule => ({
  id: "debugging",
  severity: "minor",
  title: "Left over from debugging",
  why: "It prints or stops where users run it.",
  when: ({ path }) => !isTest(path) && !isSample(path),
  ...own,
});

/** `@at` creates the resource that `@name` holds. */
export const unclosed =
  (closers: RegExp, carriers: RegExp) =>
  (own: Own): QueryRule => ({
    id: "unclosed",
    severity: "major",
    confidence: "medium",
    title: "Never closed on any path",
    why: "The file or connection stays open until it is collected, if ever: under load the process runs out of them, and what was buffered is not written.",
    when: ({ nodes: { at, name }, path }) => {
      const scope = at && around(at, /^(?:block|compound_statement|method_declaration|function_body|body_statement)$/);
      if (!scope || !name || isTest(path)) return false;
      const uses = within(scope, ["identifier"]).filter(
        ({ text, startIndex }) => text === name.text && startIndex !== name.startIndex,
      );
      return uses.length > 0 && uses.every((use) => isOnlyUsed(use, closers, carriers));
    },
    ...own,
  });

/** A use that neither closes what is used nor gives it to anyone who might. */
function isOnlyUsed(use: Node, closers: RegExp, carriers: RegExp): boolean {
  const { parent } = use;
  if (!parent || !carriers.test(parent.type)) return false;
  const receiver = parent.childForFieldName("object") ?? parent.childForFieldName("expression");
  return receiver?.id === use.id && !closers.test(parent.childForFieldName("name")?.text ?? "");
}
