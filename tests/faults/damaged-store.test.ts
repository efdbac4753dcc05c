/**
 * F12: the store after its files were harmed or taken away: what was acknowledged is there, and what is lost is said. The
 * log is torn at some of its bytes in a normal run, at each with `REDLINE_LONG=1`.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@redline/local/store";
import { readLog } from "@redline/local/store/level-log";
import { StorageUnavailable } from "@redline/local/store/storage-unavailable";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redline-recovery-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const levelFolder = (dataDir: string) => join(dataDir, "cloud", "level");

function newestLog(dataDir: string): string {
  const logs = readdirSync(levelFolder(dataDir)).filter((name) => name.endsWith(".log"));
  return join(levelFolder(dataDir), logs.sort().at(-1) ?? "");
}

/** A data folder as kill -9 leaves it, with writes 1 to `count` acknowledged in its log. */
async function killedFolder(count: number, content: (n: number) => unknown = (n) => n): Promise<string> {
  const living = join(folder, "living");
  const store = await openStore(living);
  for (let n = 1; n <= count; n++) await store.put(`n${n}`, content(n));
  const killed = join(folder, "killed");
  cpSync(living, killed, { recursive: true });
  await store.close();
  return killed;
}

/** Opens a copy of the folder after `harm`. Returns how many of the writes are there, and what was said. */
async function openHarmed(killed: string, harm: (dataDir: string) => void) {
  const dataDir = join(folder, "harmed");
  cpSync(killed, dataDir, { recursive: true });
  harm(dataDir);
  const said: string[] = [];
  try {
    const store = await openStore(dataDir, { say: (sentence) => said.push(sentence) });
    const found: number[] = [];
    for await (const [key] of store.iterate({ gt: "n", lt: "n~" })) found.push(Number(key.slice(1)));
    await store.put("later", 1);
    await store.close();
    const again = await openStore(dataDir, { say: (sentence) => said.push(`again: ${sentence}`) });
    expect(await again.get("later")).toBe(1);
    await again.close();
    return { found: found.sort((a, b) => a - b), said, copies: filesIn(join(dataDir, "cloud", "damaged")) };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const filesIn = (path: string) => (existsSync(path) ? readdirSync(path) : []);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("a store whose log was harmed", () => {
  it("a torn log keeps everything before the tear, wherever it is, and the loss is reported", async () => {
    const writes = 8;
    const killed = await killedFolder(writes, (n) => "x".repeat(n * 3));
    const log = readFileSync(newestLog(killed));
    const ends = readLog(log).map(({ end }) => end);
    expect(ends).toHaveLength(writes);
    const step = process.env.REDLINE_LONG === "1" ? 1 : 29;
    const offsets = new Set([...ends, ...ends.map((end) => end - 1), 0]);
    for (let offset = 0; offset <= log.length; offset += step) offsets.add(offset);
    for (const offset of offsets) {
      const { found, said } = await openHarmed(killed, (dataDir) => truncateSync(newestLog(dataDir), offset));
      const whole = ends.filter((end) => end <= offset).length;
      expect(found, `torn at ${offset}`).toEqual(upTo(whole));
      const lost = writes - whole;
      if (lost === 0) expect(said).toEqual([]);
      else {
        expect(said, `torn at ${offset}`).toHaveLength(1);
        expect(said[0]).toContain(lost === 1 ? "The last write to" : `The last ${lost} writes to`);
      }
    }
  });

  it("a write that was cut off before its acknowledgement is not reported as lost", async () => {
    const killed = await killedFolder(3);
    const { found, said, copies } = await openHarmed(killed, (dataDir) =>
      appendFileSync(newestLog(dataDir), readFileSync(newestLog(dataDir)).subarray(0, 20)),
    );
    expect(found).toEqual(upTo(3));
    expect(said).toEqual([]);
    expect(copies).toEqual([]);
  });

  it.each(["zeros", "other bytes"])("a log overwritten with %s ends there, and a copy is kept", async (what) => {
    const killed = await killedFolder(6, (n) => "x".repeat(15_000 + n));
    const { found, said, copies } = await openHarmed(killed, (dataDir) => {
      const bytes = readFileSync(newestLog(dataDir));
      bytes.fill(what === "zeros" ? 0 : 0x5a, 35_000, 36_000);
      writeFileSync(newestLog(dataDir), bytes);
    });
    expect(found).toEqual(upTo(2));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("The last 4 writes to Redline's data");
    expect(copies).toHaveLength(1);
  });

  it("a missing log is reported with the amount of lost data", async () => {
    const killed = await killedFolder(5);
    const { found, said } = await openHarmed(killed, (dataDir) => rmSync(newestLog(dataDir)));
    expect(found).toEqual([]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("The last 5 writes");
  });

  it("a store whose tables are gone is rejected with a one-sentence error", async () => {
    const dataDir = join(folder, "data");
    const store = await openStore(dataDir);
    await store.put("a", 1);
    await store.close();
    await (await openStore(dataDir)).close();
    for (const name of readdirSync(levelFolder(dataDir)))
      if (name.endsWith(".ldb")) rmSync(join(levelFolder(dataDir), name));
    const refused = await openStore(dataDir).catch((error) => error);
    expect(refused).toBeInstanceOf(StorageUnavailable);
    expect(refused.startSentence).toBe(
      `Redline's data (${dataDir}) is damaged. Nothing was changed. ` +
        "Put a copy of the folder in its place, or move it away to begin anew and start again.",
    );
  });
});

describe("a store whose files are taken away while it runs", () => {
  let dataDir: string;
  let store: Store;
  const said: string[] = [];
  beforeEach(async () => {
    dataDir = join(folder, "data");
    said.length = 0;
    store = await openStore(dataDir, { recoverEveryMs: 10, say: (sentence) => said.push(sentence) });
    for (let n = 1; n <= 3; n++) await store.put(`n${n}`, n);
  });
  afterEach(() => store.close());

  const all = () => store.getMany(["n1", "n2", "n3"]);

  async function refused(): Promise<StorageUnavailable> {
    const error = await store.put("refused", 1).catch((reason) => reason);
    expect(error).toBeInstanceOf(StorageUnavailable);
    return error;
  }

  it("the next write is rejected when the log is gone, and acknowledged writes are kept", async () => {
    rmSync(newestLog(dataDir));
    expect((await refused()).message).toBe(
      `Files of Redline's data folder (${dataDir}) are missing. This may or may not have been saved. ` +
        "Put them back, then try again.",
    );
    await vi.waitFor(() => store.put("later", 1), { timeout: 60_000 });
    expect(said).toEqual([
      `Files of Redline's data folder (${dataDir}) are missing. Put them back. Until then nothing is saved.`,
      "Redline's data folder can be written again.",
    ]);
    await store.close();
    store = await openStore(dataDir, { say: (sentence) => said.push(sentence) });
    expect(await all()).toEqual([1, 2, 3]);
    expect(said).toHaveLength(2);
  });

  it("writes are rejected while the folder is moved away, reads continue, and writes resume once it is back", async () => {
    const elsewhere = join(folder, "elsewhere");
    renameSync(dataDir, elsewhere);
    await refused();
    await expect(store.requireWritable()).rejects.toThrow("are missing");
    expect(await all()).toEqual([1, 2, 3]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await refused();
    renameSync(elsewhere, dataDir);
    await vi.waitFor(() => store.put("later", 1), { timeout: 60_000 });
    expect(await all()).toEqual([1, 2, 3]);
  });

  it("a rejected write is not read, although LevelDB took it", async () => {
    const elsewhere = join(folder, "elsewhere");
    renameSync(dataDir, elsewhere);
    for (const write of [() => store.put("n1", "rejected"), () => store.del("n1")])
      await expect(write()).rejects.toThrow(StorageUnavailable);
    const listed: unknown[] = [];
    for await (const [, value] of store.iterate({ gte: "n" })) listed.push(value);
    expect([await store.get("n1"), await all(), listed]).toEqual([1, [1, 2, 3], [1, 2, 3]]);
    renameSync(elsewhere, dataDir);
  });

  it("a reader that began before a write keeps its snapshot", async () => {
    for (let n = 4; n <= 350; n++) await store.put(`n${n}`, n);
    let count = 0;
    for await (const _ of store.iterate({ gte: "n", lt: "o" })) {
      if (count === 0) await store.del("n9");
      count++;
    }
    expect(count).toBe(350);
  });

  it("a removed store is not replaced with an empty one", async () => {
    rmSync(dataDir, { recursive: true });
    await refused();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await refused();
    expect(existsSync(dataDir)).toBe(false);
  });
});

it("a value that is not JSON is rejected without rejecting later ones", async () => {
  const store = await openStore(join(folder, "data"));
  await expect(store.put("a", { n: 1n })).rejects.toThrow();
  await store.put("b", 1);
  expect(store.unavailable).toBeUndefined();
  await store.close();
});

it("services reload their in-memory state before the first write is accepted again", async () => {
  const dataDir = join(folder, "data");
  const store = await openStore(dataDir, { recoverEveryMs: 10, say: () => undefined });
  await store.put("a", 1);
  const seen: unknown[] = [];
  store.onReopened(async () => void seen.push(await store.get("a"), store.unavailable?.trouble));
  rmSync(newestLog(dataDir));
  await expect(store.put("a", 2)).rejects.toThrow(StorageUnavailable);
  await vi.waitFor(() => store.put("b", 1), { timeout: 60_000 });
  expect(seen).toEqual([2, "removed"]);
  await store.close();
});
