import { describe, expect, it } from "vitest";
import { edgeKey, isFromEdge } from "./edge";

describe("the router's mark", () => {
  it("is recognised only with the stage's own key", () => {
    expect(isFromEdge(edgeKey("key"), ["key"])).toBe(true);
    for (const forged of [undefined, null, "", "key", edgeKey("other"), `${edgeKey("key")}0`]) {
      expect(isFromEdge(forged, ["key"])).toBe(false);
    }
  });

  it("is recognized with either key during rotation, and with no third", () => {
    for (const key of ["new", "before"]) expect(isFromEdge(edgeKey(key), ["new", "before"])).toBe(true);
    expect(isFromEdge(edgeKey("older"), ["new", "before"])).toBe(false);
  });
});
