/** What rules ask about nodes beyond their queries. */
import type { Node } from "web-tree-sitter";

const isComment = ({ type }: Node): boolean => /comment/.test(type);

/** The children that are neither punctuation nor comments. */
export const partsOf = (node: Node): Node[] => node.namedChildren.filter((child) => !isComment(child));

/** White space may differ, but not whether there is any: strings have it, too. */
const flat = (text: string): string => text.replace(/\s+/g, " ");

/** Returns whether two nodes are written alike, white space aside. */
export const isAlike = (a: Node | null | undefined, b: Node | null | undefined): boolean =>
  Boolean(a && b && flat(a.text) === flat(b.text));

/** Returns whether nothing is in a block, not even a comment. */
export const isBlank = (block: Node | null | undefined): boolean =>
  Boolean(block && block.namedChildCount === 0 && /^(?:\{\s*\}|\s*)$/.test(block.text));

const effects =
  /^command$|call|invocation|creation|assignment|await|yield|update|macro|throw|new_expression|subshell|command_subst|object_creation|increment|postfix|inc_dec/;

/** Returns whether evaluating a node twice surely gives the same and does nothing. */
export const isPure = (node: Node): boolean =>
  !effects.test(node.type) && !/\+\+|--/.test(node.text) && node.namedChildren.every(isPure);

/** The next statement beside a node, comments aside. */
export function nextOf(node: Node): Node | undefined {
  let next = node.nextNamedSibling;
  while (next && isComment(next)) next = next.nextNamedSibling;
  return next ?? undefined;
}

/** Returns the closest node around that is of a type, unless one of `until` is closer. */
export function around(node: Node, types: RegExp, until?: RegExp): Node | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (types.test(at.type)) return at;
    if (until?.test(at.type)) return undefined;
  }
  return undefined;
}

/** Every node of a type inside a node. */
export const within = (node: Node, types: string | string[]): Node[] => node.descendantsOfType(types);

/** Returns whether a file holds tests, where odd code is often the point. */
export const isTest = (path: string): boolean =>
  /(?:^|\/)(?:tests?|specs?|testing|testdata|fixtures?|__tests__|[\w.-]*Tests?|jvmTest|testFixtures)\/|(?:_test|_spec|Tests?|Spec|IT|TestCase)\.\w+$|(?:^|\/)test_/.test(
    path,
  );

/** Returns whether a file shows how something is used. */
export const isSample = (path: string): boolean =>
  /(?:^|\/)(?:samples?|examples?|demos?|benchmarks?|docs?)\//i.test(path);

/** Returns whether a node uses a parameter of the function around it, or what a request holds. */
export function usesParameter(node: Node): boolean {
  if (/\$_(?:GET|POST|REQUEST|COOKIE)\b|\bparams\[|\breq(?:uest)?\./.test(node.text)) return true;
  const owner = around(node, /function(?!_body)|^(?:method|singleton_method|constructor)|method_declaration/);
  const parameters =
    owner &&
    (owner.childForFieldName("parameters") ??
      owner.childForFieldName("declarator") ??
      owner.namedChildren.find((child) => /parameters$/.test(child?.type ?? "")));
  const names = new Set(parameters?.text.match(/[A-Za-z_]\w*/g) ?? []);
  return node
    .descendantsOfType(["identifier", "variable_name", "interpolated_identifier", "string_content"])
    .some(({ text }) => names.has(text.replace(/^\$/, "")));
}

/** A chain of `if`, `else if` and `else`: its conditions, and its bodies, of which the last may have no condition. */
export type Chain = { conditions: Node[]; bodies: Node[]; hasElse: boolean };

const isIf = ({ type }: Node): boolean => /^if(?:_statement|_expression)?$/.test(type);
const isElseIf = ({ type }: Node): boolean => /^(?:elsif|elif_clause|else_if_clause)$/.test(type);

/** Returns the chain that begins at an `if`, or undefined inside of one. */
export function chainOf(node: Node): Chain | undefined {
  const { parent } = node;
  if (parent && isIf(parent) && !isAlike(parent.childForFieldName("consequence"), node) && isElsePart(parent, node)) {
    return undefined;
  }
  if (parent?.type === "else_clause" && partsOf(parent).length === 1) return undefined;
  const chain: Chain = { conditions: [], bodies: [], hasElse: false };
  collect(node, chain);
  return chain;
}

const isElsePart = (parent: Node, node: Node): boolean => elsePartsOf(parent).some(({ id }) => id === node.id);

function elsePartsOf(node: Node): Node[] {
  const named = node.childrenForFieldName("alternative");
  if (named.length > 0) return named.filter((child) => child !== null);
  const parts = partsOf(node);
  const others = parts.filter(({ type }) => isElseIf({ type } as Node) || type === "else_clause");
  if (others.length > 0) return others;
  // Kotlin's grammar names no part but the condition.
  return node.type === "if_expression" && parts.length === 3 ? parts.slice(2) : [];
}

function collect(node: Node, chain: Chain): void {
  // The grammar of shells names no part of an `elif`.
  const condition = node.childForFieldName("condition") ?? (node.type === "elif_clause" ? partsOf(node)[0] : null);
  const body = node.childForFieldName("consequence") ?? node.childForFieldName("body") ?? partsOf(node)[1];
  // A condition of Go may begin with a statement of its own.
  if (condition && !node.childForFieldName("initializer")) chain.conditions.push(condition);
  if (body) chain.bodies.push(body);
  for (const part of elsePartsOf(node)) {
    const only = partsOf(part).length === 1 ? partsOf(part)[0] : undefined;
    if (isIf(part) || isElseIf(part)) collect(part, chain);
    else if (part.type === "else_clause" && only && isIf(only)) collect(only, chain);
    else {
      chain.hasElse = true;
      chain.bodies.push(part.type === "else_clause" && only ? only : part);
    }
  }
}

/** The first condition of a chain that an earlier one repeats, so that its branch never runs. */
export function repeatedCondition(node: Node): Node | undefined {
  const { conditions } = chainOf(node) ?? { conditions: [] };
  return conditions.find(
    (condition, index) =>
      isPure(condition) && conditions.slice(0, index).some((earlier) => isAlike(earlier, condition)),
  );
}

/** The `if` of a chain all of whose branches, with a final `else`, do the same. */
export function sameBranches(node: Node): Node | undefined {
  const { bodies, hasElse } = chainOf(node) ?? { bodies: [], hasElse: false };
  const [first] = bodies;
  const isSame = hasElse && bodies.length > 1 && first && partsOf(first).length > 0;
  return isSame && bodies.every((body) => inner(body) === inner(first)) ? node : undefined;
}

const inner = (body: Node): string =>
  flat(body.text)
    .replace(/^(?:\{|else\b|then\b)+|\}$/g, "")
    .trim();

/** A text as a regular expression that matches it. */
export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
