import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dataFolder, lastPort, readServing } from "./data-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redline-folder-"));
  mkdirSync(join(folder, "cloud"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function serve(pid: number): void {
  writeFileSync(join(folder, "address"), "http://localhost:4199\n");
  writeFileSync(join(folder, "local-token"), "token");
  writeFileSync(join(folder, "cloud/owner.pid"), String(pid));
}

it("is where the platform keeps a user's data, or what REDLINE_DATA names", () => {
  expect(dataFolder({ HOME: "/home/ann" }, "/w", "linux")).toBe("/home/ann/.local/share/redline");
  expect(dataFolder({ HOME: "/home/ann", XDG_DATA_HOME: "/data" }, "/w", "linux")).toBe("/data/redline");
  expect(dataFolder({ HOME: "/home/ann", XDG_DATA_HOME: "relative" }, "/w", "linux")).toBe(
    "/home/ann/.local/share/redline",
  );
  expect(dataFolder({ HOME: "/Users/ann" }, "/w", "darwin")).toBe("/Users/ann/Library/Application Support/Redline");
  expect(dataFolder({ HOME: "/home/ann", REDLINE_DATA: ".data" }, "/w", "linux")).toBe("/w/.data");
});

it("tells where Redline serves while its owner lives", () => {
  expect(readServing(folder)).toBeUndefined();
  serve(process.pid);
  expect(readServing(folder)).toEqual({ address: "http://localhost:4199", token: "token" });
});

it("gives the token to no address that a killed one left, and remembers the port", () => {
  serve(2 ** 22 + 1);
  expect(readServing(folder)).toBeUndefined();
  expect(lastPort(folder)).toBe(4199);
});
