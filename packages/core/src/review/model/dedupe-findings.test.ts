import { describe, expect, it } from "vitest";
import { isDuplicateFinding } from "./dedupe-findings";

const said = (rule: string, title: string, startLine = 3, endLine = startLine) => ({ rule, title, startLine, endLine });

describe("duplicate findings", () => {
  it.each([
    ["by one rule", said("model/off-by-one", "The loop goes too far"), said("model/off-by-one", "Reads past the end")],
    [
      "by a built-in rule's name in a model's words",
      said("biome/suspicious/noDebugger", "This is an unexpected use of the debugger statement"),
      said("model/leftover-debugging", "A debugger statement was left behind"),
    ],
    [
      "by a rule that is said in other forms of its words",
      said("biome/suspicious/noDoubleEquals", "Using == may be unsafe"),
      said("model/loose-comparison", "Double equals compares loosely"),
    ],
    [
      "by most of what they say",
      said("model/zero-division", "An empty list divides by zero"),
      said("model/divide-by-zero", "Divides by zero for an empty list"),
    ],
  ])("%s", (_, a, b) => {
    expect(isDuplicateFinding(a, b)).toBe(true);
    expect(isDuplicateFinding(b, a)).toBe(true);
  });

  it.each([
    ["are about other lines", said("model/off-by-one", "Too far", 3), said("model/off-by-one", "Too far", 4)],
    [
      "name the same variable only",
      said("model/null-check", "`item` may be undefined"),
      said("biome/suspicious/noDoubleEquals", "Comparing item loosely converts its type"),
    ],
    [
      "share nothing but common words",
      said("model/race", "This can be called while it is not ready"),
      said("model/leak", "This should be closed when it is not used"),
    ],
  ])("two findings are not duplicates when they %s", (_, a, b) => {
    expect(isDuplicateFinding(a, b)).toBe(false);
  });
});
