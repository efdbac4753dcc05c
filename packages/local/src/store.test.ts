import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore, type Store } from "./store";
import { DataFolderInUse } from "./store/data-folder";

let dataDir: string;
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "redline-store-"));
  store = await openStore(dataDir);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const entries = async (range: Parameters<Store["iterate"]>[0]) => {
  const found: [string, unknown][] = [];
  for await (const entry of store.iterate(range)) found.push(entry);
  return found;
};

it("keeps values across a restart", async () => {
  await store.put("a", { n: 1 });
  await store.close();
  store = await openStore(dataDir);
  expect(await store.getMany(["a", "b"])).toEqual([{ n: 1 }, undefined]);
});

it("gives entries between bounds, in the order of their bytes, either way, up to a limit", async () => {
  await store.batch(["b", "é", "a", "c", "😀"].map((key) => ({ type: "put", key, value: key })));
  const keys = async (range: Parameters<Store["iterate"]>[0]) => (await entries(range)).map(([key]) => key);
  expect(await keys({})).toEqual(["a", "b", "c", "é", "😀"]);
  expect(await keys({ gt: "a", lt: "é" })).toEqual(["b", "c"]);
  expect(await keys({ gte: "a", lte: "c", reverse: true, limit: 2 })).toEqual(["c", "b"]);
  expect(await keys({ limit: 0 })).toEqual([]);
});

it("yields more entries than it reads at a time, also to a reader that stops early", async () => {
  await store.batch(Array.from({ length: 350 }, (_, n) => ({ type: "put", key: `k${1000 + n}`, value: n })));
  expect(await entries({})).toHaveLength(350);
  for await (const [key] of store.iterate({})) {
    expect(key).toBe("k1000");
    break;
  }
});

it("commits batches in the order of the calls, so that a later one is never seen without an earlier one", async () => {
  const batches = Array.from({ length: 300 }, (_, n) =>
    store.batch([
      { type: "put", key: "last", value: n },
      { type: "put", key: `n${n}`, value: n },
    ]),
  );
  let settled = false;
  const all = Promise.all(batches).then(() => {
    settled = true;
  });
  while (!settled) {
    const last = (await store.get<number>("last")) ?? -1;
    const before = await store.getMany(Array.from({ length: last + 1 }, (_, n) => `n${n}`));
    expect(before).not.toContain(undefined);
  }
  await all;
  expect(await store.get("last")).toBe(299);
});

it("refuses a second process with a one-sentence error, and can be opened again once closed", async () => {
  const sentence = `Redline is already running on ${dataDir} (pid ${process.pid}).`;
  await expect(openStore(dataDir, { waitMs: 0 })).rejects.toEqual(new DataFolderInUse(sentence));
  const waiting = openStore(dataDir);
  await store.close();
  store = await waiting;
  await store.put("a", 1);
});
