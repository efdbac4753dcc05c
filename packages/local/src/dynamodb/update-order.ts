import type { DocumentPath, UpdateSection, ValidRequest } from "./dynalite";

/**
 * dynalite changes one place after the other, AWS all as the item was: so removals come last and from the end of a list,
 * which moves nothing that is still to be found, and what is set comes in the order of its place.
 */
export function inPlaceOrder(request: ValidRequest): ValidRequest {
  const copy = structuredClone({ ...request, ReturnConsumedCapacity: undefined });
  const isRemoval = ({ type }: UpdateSection) => (type === "remove" ? 1 : 0);
  copy._updates?.sections.sort(
    (a, b) =>
      isRemoval(a) - isRemoval(b) ||
      (a.type === "remove" ? comparePaths(b.path, a.path) : comparePaths(a.path, b.path)),
  );
  return copy;
}

/** Lists by position, everything else in any order that is one. */
function comparePaths(a: DocumentPath, b: DocumentPath): number {
  for (const [place, left] of a.entries()) {
    const right = b[place];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}
