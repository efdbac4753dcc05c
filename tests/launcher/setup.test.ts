import { describe, expect, it } from "vitest";
import { nodeVersionProblem } from "../../scripts/setup.mjs";

describe("the check of Node's version", () => {
  it.each(["20.19.0", "20.20.2", "22.0.0", "24.1.0"])("accepts %s", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(["18.20.0", "20.18.3", "16.0.0"])("refuses %s in one sentence with the next step", (version) => {
    expect(nodeVersionProblem(version)).toBe(
      `Redline needs Node 20.19 or newer; this is ${version}. Install a newer one from https://nodejs.org.`,
    );
  });
});
