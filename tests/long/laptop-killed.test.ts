import { spawnSync } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { newChangeId } from "@redline/core/changes/schema";
import type { Version } from "@redline/core/codebases/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuildUpToDate } from "../../scripts/build-hash.mjs";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "../e2e/support/product";

const ROUNDS = 20;
const WRITERS = 4;

/** A writer's acknowledged saves: an unacknowledged one may be there or not. */
type Writer = { id: string; path: string; acknowledged: { version: number; text: string }; sent: string };

const origin = (product: RunningProduct) => new URL(product.url).origin;

async function createSession(product: RunningProduct): Promise<Writer> {
  const text = `let started = "${randomUUID()}";\n`;
  const form = new FormData();
  form.set("key", randomUUID());
  form.append("files", new Blob([text]), "a.ts");
  const response = await fetch(`${product.url}/sessions/new`, {
    method: "POST",
    body: form,
    headers: { origin: origin(product) },
    redirect: "manual",
  });
  const path = response.headers.get("location") ?? "";
  expect(response.status).toBe(302);
  return { id: path.split("/").pop() ?? "", path, acknowledged: { version: 1, text }, sent: text };
}

/** Saves on and on until the product is gone. */
async function write(product: RunningProduct, writer: Writer): Promise<void> {
  for (;;) {
    const text = `${writer.acknowledged.text.split("\n")[0]}\ndebugger;\nlet saved = "${randomUUID()}";\n`;
    writer.sent = text;
    const act = {
      intent: "save",
      changeId: newChangeId(),
      base: writer.acknowledged.version,
      files: [{ path: "a.ts", text }],
    };
    try {
      const response = await fetch(`${product.url}${writer.path}/actions`, {
        method: "POST",
        body: JSON.stringify(act),
        headers: { origin: origin(product), "content-type": "application/json" },
      });
      const { outcome, version } = (await response.json()) as { outcome: string; version: number };
      expect(outcome).toBe("done");
      writer.acknowledged = { version, text };
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
  }
}

/** Everything acknowledged is there; at most the one save that was not answered came after it. */
async function check(product: RunningProduct, writer: Writer): Promise<void> {
  const response = await fetch(`${product.url}${writer.path}/export.json`);
  expect(response.status).toBe(200);
  const { files, versions, session } = (await response.json()) as {
    files: { text: string }[];
    versions: Version[];
    session: { version: number };
  };
  const { version, text } = writer.acknowledged;
  expect(session.version - version).toBeLessThanOrEqual(1);
  expect(versions.map((each) => each.number)).toEqual(
    Array.from({ length: session.version }, (_, at) => session.version - at),
  );
  expect(files[0]?.text).toBe(session.version === version ? text : writer.sent);
  writer.acknowledged = { version: session.version, text: files[0]?.text ?? "" };
}

describe("F8: kill -9 of the whole laptop process under load", () => {
  let dataDir = "";
  beforeAll(() => {
    if (!isBuildUpToDate()) spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
    dataDir = newDataDir();
  });
  afterAll(() => removeDataDir(dataDir));

  it(`a killed laptop loses nothing acknowledged in ${ROUNDS} rounds, and lists no session that does not exist`, async () => {
    let product = await startProduct({ dataDir });
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => createSession(product)));
    for (let round = 0; round < ROUNDS; round++) {
      const writing = Promise.all(writers.map((writer) => write(product, writer)));
      await sleep(randomInt(100, 1_500));
      await product.kill();
      await writing;
      product = await startProduct({ dataDir });
      for (const writer of writers) await check(product, writer);
      const list = await (await fetch(`${product.url}/sessions`)).text();
      const listed = new Set(list.match(/ses_[0-9A-Za-z]{26}/g));
      expect([...listed].sort()).toEqual(writers.map(({ id }) => id).sort());
    }
    await product.stop();
  });
});
