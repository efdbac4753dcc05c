/** Starting, refusing to start, crashing and ending: the launcher as a person meets it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";

let dataDir: string;
const running: RunningProduct[] = [];

test.beforeEach(() => {
  dataDir = newDataDir();
});
test.afterEach(async () => {
  for (const product of running.splice(0)) await product.stop();
  removeDataDir(dataDir);
});

async function start(options: Partial<Parameters<typeof startProduct>[0]> = {}): Promise<RunningProduct> {
  const product = await startProduct({ dataDir, ...options });
  running.push(product);
  return product;
}

/** Returns the message with which it refused to start. */
async function refusal(options: Partial<Parameters<typeof startProduct>[0]>): Promise<string> {
  const error = await start(options).then(
    () => new Error("it started"),
    (reason: Error) => reason,
  );
  return error.message;
}

/** The processes whose parent is this one, by the name the launcher gave them. */
function children(parent: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parentId = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, "utf8"))?.[1];
      if (Number(parentId) !== parent) continue;
      found.set(readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0", 1)[0]?.trim() ?? "", Number(entry));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function health(url: string): Promise<string> {
  const response = await fetch(`${url}/health`).catch(() => undefined);
  return response ? ((await response.json()) as { status: string }).status : "down";
}

test("npm start serves, prints its address in one line, and is healthy", async () => {
  const product = await start();
  expect(product.output().trim()).toMatch(
    /^Redline is at http:\/\/localhost:\d+ \(data in .+\)\. Press Ctrl-C to stop\.$/,
  );
  expect(await health(product.url)).toBe("ok");
});

test("a second start on the same data folder is refused in one sentence", async () => {
  const first = await start();
  const sentence = await refusal({});
  expect(sentence).toMatch(/^The product ended with 1: Redline is already running on \S+ \(pid \d+\)\.$/);
  expect(await health(first.url)).toBe("ok");
  const sameAddress = await refusal({ port: Number(new URL(first.url).port) });
  expect(sameAddress).toMatch(/^The product ended with 1: Redline is already running on \S+ \(pid \d+\)\.$/);
});

test("a port that is in use is refused in one sentence that names PORT", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  expect(await refusal({ port })).toBe(
    `The product ended with 1: Port ${port} is in use. Choose another one with PORT, such as PORT=${port + 1} npm start.`,
  );
  other.close();
});

test("each mistake in the environment is one sentence", async () => {
  const said = await refusal({ env: { PORT: "eighty", REDLINE_MODEL: "gpt", REDLINE_LOG: "loud" } });
  expect(said.split("\n")).toHaveLength(3);
  for (const name of ["PORT", "REDLINE_MODEL", "REDLINE_LOG"]) expect(said).toContain(`${name} must be`);
});

test("Ctrl-C stops all processes", async () => {
  const product = await start();
  const processes = [...children(product.process.pid ?? 0).values()];
  expect(processes.length).toBeGreaterThanOrEqual(3);
  await product.stop();
  expect(product.process.exitCode).toBe(0);
  expect(processes.filter(isAlive)).toEqual([]);
});

test("after kill -9 of the launcher nothing is left behind and the next start serves on the same port", async () => {
  const product = await start();
  const processes = [...children(product.process.pid ?? 0).values()];
  await product.kill();
  const again = await start({ port: Number(new URL(product.url).port) });
  expect(again.url).toBe(product.url);
  expect(await health(again.url)).toBe("ok");
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
});

test("signing in without a secret, and a file in place of the data folder, are refused in one sentence", async () => {
  expect(await refusal({ env: { REDLINE_AUTH: "on" } })).toContain(
    "REDLINE_AUTH=on needs REDLINE_OPERATOR_SECRET, which whoever signs in has to know.",
  );
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  expect(await refusal({ dataDir: file })).toContain(
    `Redline's data (${file}) is to be a folder, and a file stands there`,
  );
});

test("after kill -9 of npm itself nothing is left behind either", async () => {
  const npm = spawn("npm", ["start"], {
    env: { ...process.env, PORT: "0", REDLINE_DATA: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  let output = "";
  npm.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await expect.poll(() => output).toContain("Redline is at");
  const pid = Number(readFileSync(join(dataDir, "cloud", "owner.pid"), "utf8"));
  npm.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
  expect(await health((await start()).url)).toBe("ok");
});

for (const name of ["redline-web", "redline-workers", "redline-cloud"]) {
  test(`a crash of ${name} is reported, and it restarts at the same address`, async () => {
    const product = await start();
    const pid = children(product.process.pid ?? 0).get(name);
    expect(pid, name).toBeDefined();
    process.kill(pid ?? 0, "SIGKILL");
    await expect.poll(() => product.output()).toContain(`The ${name.slice("redline-".length)} process is back.`);
    expect(product.output()).toMatch(/process ended \(SIGKILL\)\. Starting it again in 0\.25 s\./);
    await expect.poll(() => health(product.url)).toBe("ok");
  });
}
