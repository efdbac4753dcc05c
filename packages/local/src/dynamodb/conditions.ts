/** Condition and filter expressions, decided on an item. */
import { type DocumentPath, type Expression, type Operand, sortableNumber, valueAt } from "./dynalite";
import { type AttributeValue, type Item, sameValue } from "./model";

/** True when the item meets the expression; a missing item is an empty one. */
export function meets(expression: Expression, item: Item): boolean {
  switch (expression.type) {
    case "and":
      return meets(expression.args[0], item) && meets(expression.args[1], item);
    case "or":
      return meets(expression.args[0], item) || meets(expression.args[1], item);
    case "not":
      return !meets(expression.args[0], item);
  }
  const [subject, ...others] = expression.args.map((operand) => resolved(operand, item));
  const [first, second] = others;
  switch (expression.type === "function" ? expression.name : expression.type) {
    case "=":
      return subject !== undefined && sameValue(subject, first);
    case "<>":
      return !(subject !== undefined && sameValue(subject, first));
    case "<":
      return inOrder(subject, first, (order) => order < 0);
    case "<=":
      return inOrder(subject, first, (order) => order <= 0);
    case ">":
      return inOrder(subject, first, (order) => order > 0);
    case ">=":
      return inOrder(subject, first, (order) => order >= 0);
    case "between":
      return inOrder(subject, first, (order) => order >= 0) && inOrder(subject, second, (order) => order <= 0);
    case "in":
      return subject !== undefined && others.some((other) => sameValue(subject, other));
    case "attribute_exists":
      return subject !== undefined;
    case "attribute_not_exists":
      return subject === undefined;
    case "attribute_type":
      return subject !== undefined && first?.S !== undefined && first.S in subject;
    case "begins_with":
      return beginsWith(subject, first);
    case "contains":
      return contains(subject, first);
  }
  throw new Error(`unknown expression ${JSON.stringify(expression)}`);
}

function resolved(operand: Operand, item: Item): AttributeValue | undefined {
  if (isPath(operand)) return valueAt(operand, item);
  if ("type" in operand) {
    const argument = operand.args[0] && resolved(operand.args[0], item);
    const size = argument && attributeSize(argument);
    return size === undefined ? undefined : { N: String(size) };
  }
  return operand;
}

const isPath = (operand: Operand): operand is DocumentPath => Array.isArray(operand);

/** Returns the value of `size()`: bytes of strings and binary, members of the rest; nothing for numbers and booleans. */
function attributeSize(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return Buffer.byteLength(value.B, "base64");
  if (value.M) return Object.keys(value.M).length;
  return (value.L ?? value.SS ?? value.NS ?? value.BS)?.length;
}

function inOrder(
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
  decide: (order: number) => boolean,
): boolean {
  const [left, right] = [sortable(a), sortable(b)];
  return left !== undefined && right !== undefined && left.type === right.type
    ? decide(Buffer.compare(left.bytes, right.bytes))
    : false;
}

function sortable(value: AttributeValue | undefined): { type: string; bytes: Buffer } | undefined {
  if (value?.S !== undefined) return { type: "S", bytes: Buffer.from(value.S) };
  if (value?.N !== undefined) return { type: "N", bytes: Buffer.from(sortableNumber(value.N)) };
  if (value?.B !== undefined) return { type: "B", bytes: Buffer.from(value.B, "base64") };
  return undefined;
}

function beginsWith(value: AttributeValue | undefined, start: AttributeValue | undefined): boolean {
  const [whole, prefix] = [sortable(value), sortable(start)];
  if (!whole || !prefix || whole.type !== prefix.type || whole.type === "N") return false;
  return whole.bytes.subarray(0, prefix.bytes.length).equals(prefix.bytes);
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (!value || !part) return false;
  if (value.L) return value.L.some((member) => sameValue(member, part));
  if (part.S !== undefined) return value.S?.includes(part.S) ?? value.SS?.includes(part.S) ?? false;
  if (part.N !== undefined) return value.NS?.includes(part.N) ?? false;
  if (part.B === undefined) return false;
  if (value.B !== undefined) return Buffer.from(value.B, "base64").includes(Buffer.from(part.B, "base64"));
  return value.BS?.includes(part.B) ?? false;
}
