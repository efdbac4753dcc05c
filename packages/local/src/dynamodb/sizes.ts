/**
 * Item sizes and capacity units as DynamoDB computes them.
 * Source: "Amazon DynamoDB item sizes and formats" and "Read and write operations" of its developer guide.
 */
import type { AttributeValue, Item } from "./model";

export const MAX_ITEM_BYTES = 400 * 1024;
/** A page of a query or a scan ends after this much, before filters. */
export const MAX_PAGE_BYTES = 1024 * 1024;
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** Maximum nesting depth of lists and maps. */
export const MAX_NESTING = 32;

export function nesting(item: Item): number {
  return Math.max(0, ...Object.values(item).map(depth));
}

function depth({ L, M }: AttributeValue): number {
  return L ? 1 + Math.max(0, ...L.map(depth)) : M ? 1 + nesting(M) : 0;
}

/** Bytes: attribute names and values, strings in UTF-8. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, "base64");
  if (value.SS) return value.SS.reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  if (value.NS) return value.NS.reduce((sum, member) => sum + numberBytes(member), 0);
  if (value.BS) return value.BS.reduce((sum, member) => sum + Buffer.byteLength(member, "base64"), 0);
  if (value.L) return 3 + value.L.reduce((sum, member) => sum + 1 + valueBytes(member), 0);
  if (value.M) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** About one byte for two significant digits, one for the exponent, one for a minus sign. */
function numberBytes(number: string): number {
  const digits = number
    .replace(/e.*$/i, "")
    .replace(/[-+.]/g, "")
    .replace(/^0+|0+$/g, "");
  return 1 + Math.ceil(digits.length / 2) + (number.startsWith("-") ? 1 : 0);
}

/** Whole units for what is there, 0 when it is absent. */
export const writeUnits = (item: Item | undefined): number =>
  item ? Math.max(1, Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES)) : 0;

/** A read of nothing costs like one of the smallest item. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
