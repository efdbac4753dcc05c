import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectIn, objectsIn } from "./requests";

/** Shapes that no SDK sends. */
const shapes = fc.anything();
const isObject = (value: unknown) => typeof value === "object" && value !== null;
const malformed = expect.objectContaining({ type: "SerializationException" });

function outcome(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    return error;
  }
}

describe("a request's member of any shape", () => {
  it("that should hold objects is a list of them, or refused as malformed", () => {
    fc.assert(
      fc.property(shapes, (value) => {
        const isFine = value === undefined || value === null || (Array.isArray(value) && value.every(isObject));
        expect(outcome(() => objectsIn({ value }, "value"))).toEqual(isFine ? { read: value ?? [] } : malformed);
      }),
    );
  });

  it("that should be an object is one, or refused as malformed", () => {
    fc.assert(
      fc.property(shapes, (value) => {
        const isFine = value === undefined || value === null || (isObject(value) && !Array.isArray(value));
        const read = { read: value ?? undefined };
        expect(outcome(() => objectIn({ value }, "value"))).toEqual(isFine ? read : malformed);
      }),
    );
  });
});
