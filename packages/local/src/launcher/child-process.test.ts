import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SupervisedProcess } from "./child-process";

const SERVING = `process.stdout.write('{"ready":true}\\n'); setInterval(() => undefined, 1_000);`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "redline-supervised-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a process whose changed code can't start reports that, and runs again once it is fixed", async () => {
  const entry = join(folder, "entry.mjs");
  const said: string[] = [];
  writeFileSync(entry, SERVING);
  const supervised = new SupervisedProcess({ name: "workers", entry, env: () => ({}) }, (line) => said.push(line));
  try {
    await supervised.start();
    const first = supervised.pid;
    writeFileSync(entry, "process.exit(1);");
    await supervised.restart();
    expect(said).toEqual(["The workers process did not start."]);
    writeFileSync(entry, SERVING);
    await supervised.restart();
    expect([said.length, supervised.pid === first]).toEqual([1, false]);
  } finally {
    await supervised.stop();
  }
});
