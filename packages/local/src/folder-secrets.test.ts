import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cloudKey, signingKey } from "./folder-secrets";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "redline-secrets-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("a data folder's secrets", () => {
  it("are made once, differ in every folder and from each other, and are for their owner only", () => {
    const folder = join(root, "new", "data");
    const key = cloudKey(folder);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(cloudKey(folder)).toBe(key);
    expect(
      new Set([key, signingKey(folder), cloudKey(join(root, "other")), signingKey(join(root, "other"))]).size,
    ).toBe(4);
    expect(statSync(join(folder, "cloud-key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["cloud-key", "signing-key"]);
  });

  it("have their file permissions restored after a copy", () => {
    const key = cloudKey(root);
    chmodSync(join(root, "cloud-key"), 0o644);
    expect(cloudKey(root)).toBe(key);
    expect(statSync(join(root, "cloud-key")).mode & 0o777).toBe(0o600);
  });

  it("of an older build stay as they are, and the missing one is made", () => {
    const old = "ab".repeat(32);
    writeFileSync(join(root, "signing-key"), old, { mode: 0o600 });
    expect(signingKey(root)).toBe(old);
    expect(cloudKey(root)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("are regenerated when a full disk truncated one", () => {
    writeFileSync(join(root, "cloud-key"), "ab12");
    const key = cloudKey(root);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(root, "cloud-key"), "utf8")).toBe(key);
    expect(readdirSync(root)).toEqual(["cloud-key"]);
  });
});
