import { afterEach, describe, expect, it, vi } from "vitest";

/** A process reads its secrets once; so each look is a process's first. */
function inProcessWith(secrets: Record<string, string>): Promise<typeof import("./cursors")> {
  vi.resetModules();
  vi.doMock("sst", () => ({
    Resource: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, { value }])),
  }));
  return import("./cursors");
}

afterEach(() => vi.doUnmock("sst"));

describe("a cursor while keys are rotated", () => {
  const key = { pk: "TEAM#a", sk: "SESSION#b" };

  it("is valid for its own list only, and not once altered", async () => {
    const { encodeCursor: encode, decodeCursor: decode } = await inProcessWith({ SigningKey: "first" });
    const cursor = encode(key, "sessions");
    expect(decode(cursor, "sessions")).toEqual(key);
    expect(() => decode(cursor, "threads")).toThrow("has expired");
    expect(() => decode(`A${cursor}`, "sessions")).toThrow("has expired");
  });

  it("signed with the previous key is still valid, and a new one needs the new key only", async () => {
    const before = (await inProcessWith({ SigningKey: "first", SigningKeyBefore: "none" })).encodeCursor(
      key,
      "sessions",
    );
    const rotating = await inProcessWith({ SigningKey: "second", SigningKeyBefore: "first" });
    expect(rotating.decodeCursor(before, "sessions")).toEqual(key);
    const made = rotating.encodeCursor(key, "sessions");
    const after = await inProcessWith({ SigningKey: "second", SigningKeyBefore: "none" });
    expect(after.decodeCursor(made, "sessions")).toEqual(key);
    expect(() => after.decodeCursor(before, "sessions")).toThrow("has expired");
  });

  it("that was signed with the placeholder of a secret is refused", async () => {
    const forged = (await inProcessWith({ SigningKey: "none" })).encodeCursor(key, "sessions");
    const { decodeCursor: decode } = await inProcessWith({ SigningKey: "second", SigningKeyBefore: "none" });
    expect(() => decode(forged, "sessions")).toThrow("has expired");
  });
});
