import { afterEach, describe, expect, it, vi } from "vitest";
import { isOpenToLocalOwner } from "../auth/index";
import { parseEnv, setting } from "./env";

afterEach(() => vi.unstubAllEnvs());

describe("the environment", () => {
  it("is refused with a sentence for each mistake", () => {
    expect(() => parseEnv({ REDLINE_AUTH: "yes", REDLINE_LOG: "loud" })).toThrow(
      /REDLINE_LOG must be .*\nREDLINE_AUTH must be on or off\./,
    );
    expect(parseEnv({ REDLINE_AUTH: "" })).toMatchObject({ REDLINE_AUTH: "off", REDLINE_LOG: "info" });
  });

  it.each([
    ["on", "on"],
    ["off", "off"],
    ["", "off"],
    ["yes", "off"],
    [undefined, "off"],
  ])("with REDLINE_AUTH=%s means %s", (given, meant) => {
    vi.stubEnv("REDLINE_AUTH", given);
    expect(setting("REDLINE_AUTH")).toBe(meant);
  });

  it.each([
    ["1", "off", true],
    ["1", "on", false],
    ["0", "off", false],
    [undefined, undefined, false],
  ])("with REDLINE_LOCAL=%s and REDLINE_AUTH=%s admits everyone: %s", (local, auth, isOpen) => {
    vi.stubEnv("REDLINE_LOCAL", local);
    vi.stubEnv("REDLINE_AUTH", auth);
    expect(isOpenToLocalOwner()).toBe(isOpen);
  });
});
