import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Faults } from "../faults";
import { openStore, type Store } from "../store";
import { BlobFiles } from "./blobs";
import { storeChunks } from "./body";
import { Buckets, type LifecycleRule } from "./buckets";
import { expire } from "./lifecycle";
import { Objects } from "./objects";
import type { S3Service } from "./service";

const DAY_MS = 86_400_000;
const PLAIN = { contentType: "text/plain", headers: {}, metadata: {} };

let dataDir: string;
let store: Store;
let service: S3Service;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "redline-sweep-"));
  store = await openStore(dataDir);
  const blobs = new BlobFiles(join(dataDir, "blobs"), store);
  const buckets = await Buckets.load(store);
  service = { store, blobs, buckets, objects: new Objects(store, blobs), faults: new Faults(), url: "", key: "" };
  await buckets.create("bucket");
});

afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function put(key: string, text: string): Promise<void> {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const body = await storeChunks(bytes, service.blobs, { least: 0, most: 1_000 }, {});
  await service.objects.put(service.buckets.get("bucket"), key, body, PLAIN);
}

const isThere = async (key: string) =>
  (await service.objects.current(service.buckets.get("bucket"), key)) !== undefined;
const files = () =>
  readdirSync(join(dataDir, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
const setRules = (...rules: Partial<LifecycleRule>[]) =>
  service.buckets.change("bucket", {
    lifecycle: rules.map((rule, index) => ({ id: String(index), enabled: true, prefix: "", ...rule })),
  });

describe("lifecycle rules", () => {
  test("remove objects under their prefix when their days are over, with their files", async () => {
    await put("uploads/old", "x");
    await put("teams/kept", "x");
    await setRules({ prefix: "uploads/", expireAfterDays: 1 });
    expect(await expire(service, Date.now() + DAY_MS - 60_000)).toBe(0);
    expect(await expire(service, Date.now() + DAY_MS + 60_000)).toBe(1);
    expect([await isThere("uploads/old"), await isThere("teams/kept"), files()]).toEqual([false, true, 1]);
  });

  test("that are off remove nothing", async () => {
    await put("uploads/old", "x");
    await setRules({ prefix: "uploads/", expireAfterDays: 1, enabled: false });
    expect(await expire(service, Date.now() + 9 * DAY_MS)).toBe(0);
  });

  test("remove versions that have been replaced for so many days, never the current one", async () => {
    await service.buckets.change("bucket", { versioning: "Enabled" });
    for (const text of ["1", "2", "3"]) await put("key", text);
    await setRules({ expireOldVersionsAfterDays: 7 });
    expect(await expire(service, Date.now() + 8 * DAY_MS)).toBe(2);
    expect([await isThere("key"), files()]).toEqual([true, 1]);
  });
});

describe("the sweep of files", () => {
  test("removes unreferenced files, and spares newer ones", async () => {
    await put("key", "named");
    const [orphan, young] = ["00orphan", "00young"].map((name) => join(dataDir, "blobs", "00", name));
    const longAgo = new Date(Date.now() - DAY_MS);
    mkdirSync(join(dataDir, "blobs", "00"), { recursive: true });
    for (const path of [orphan, young]) writeFileSync(String(path), "left by a crash");
    utimesSync(String(orphan), longAgo, longAgo);
    // Its inode was changed just now, which counts too: a file may have been renamed to its place after it was written.
    expect(await service.blobs.sweep(Date.now() - DAY_MS / 2)).toBe(0);
    expect(await service.blobs.sweep(Date.now() + 60_000)).toBe(2);
    expect(files()).toBe(1);
    expect(await isThere("key")).toBe(true);
  });

  test("spares the file of an object whose deletion was rejected by the disk", async () => {
    await put("key", "named");
    const [cloud, elsewhere] = ["cloud", "elsewhere"].map((name) => join(dataDir, name)) as [string, string];
    renameSync(cloud, elsewhere);
    await expect(service.objects.delete(service.buckets.get("bucket"), "key")).rejects.toThrow("are missing");
    expect(await service.blobs.sweep(Date.now() + 60_000)).toBe(0);
    renameSync(elsewhere, cloud);
    expect([await isThere("key"), files()]).toEqual([true, 1]);
  });

  test("removes uploads that were incomplete when the process died", async () => {
    writeFileSync(join(dataDir, "blobs", "incoming", "half"), "half a body");
    new BlobFiles(join(dataDir, "blobs"), store);
    expect(files()).toBe(0);
  });
});

describe("a body", () => {
  test("that fails mid-upload leaves no file", async () => {
    const broken = (async function* () {
      yield Buffer.from("half");
      throw new Error("cut");
    })();
    await expect(storeChunks(broken, service.blobs, { least: 0, most: 1_000 }, {})).rejects.toThrow("cut");
    expect(files()).toBe(0);
  });
});
