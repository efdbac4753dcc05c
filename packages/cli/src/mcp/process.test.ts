import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, expect, it } from "vitest";
import { removeRepositories, TestRepository } from "../repositories.test-support";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const data = mkdtempSync(join(tmpdir(), "redline-data-"));
const started: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const each of started.splice(0)) each.kill("SIGKILL");
  removeRepositories();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Prints to standard output all the time: in workers, and in the process itself once the command runs. */
const ROGUE = `data:text/javascript,${encodeURIComponent(`
  import { isMainThread } from "node:worker_threads";
  const own = process.stdout.write;
  setInterval(() => {
    if (!isMainThread || process.stdout.write !== own) {
      console.log("rogue");
      process.stdout.write("rogue\\n");
    }
  }, 1).unref();`)}`;

function start({ rogue = false } = {}) {
  const repository = new TestRepository();
  repository.commit({ "a.py": "import os\n" });
  const args = ["--import", TSX, ...(rogue ? ["--import", ROGUE] : []), MAIN, "mcp"];
  const child = spawn(process.execPath, args, { cwd: repository.root, env: { ...process.env, REDLINE_DATA: data } });
  started.push(child);
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const wake of waiting.splice(0)) wake();
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const answerTo = async (id: number): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = lines.map((line) => JSON.parse(line)).find((each) => each.id === id);
      if (found) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { child, lines, send, answerTo, said: () => stderr };
}

const initialize = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const review = { id: 2, method: "tools/call", params: { name: "review_files", arguments: { paths: ["a.py"] } } };

it("writes nothing but the protocol to standard output, whatever prints there", async () => {
  const { child, lines, send, answerTo, said } = start({ rogue: true });
  send(initialize);
  await answerTo(1);
  send({ method: "notifications/initialized" });
  send(review);
  const { result } = (await answerTo(2)) as { result: { structuredContent: { findings: { rule: string }[] } } };
  expect(result.structuredContent.findings.map(({ rule }) => rule)).toEqual(["ruff/F401"]);
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(lines.map((line) => JSON.parse(line).jsonrpc)).toEqual(lines.map(() => "2.0"));
  expect(said()).toContain("rogue");
});

it("ends when its input does, and when it is told to, also in the middle of a call", async () => {
  for (const end of [
    ({ stdin }: ChildProcessWithoutNullStreams) => stdin.end(),
    (child: ChildProcessWithoutNullStreams) => child.kill("SIGTERM"),
  ]) {
    const { child, send, answerTo, said } = start();
    send(initialize);
    await answerTo(1);
    send({ method: "notifications/initialized" });
    send(review);
    end(child);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(said()).toBe("");
  }
});

it("answers what is no message of the protocol with an error, and goes on", async () => {
  const { child, send, answerTo } = start();
  child.stdin.write("this is no JSON\n");
  send(initialize);
  expect(await answerTo(1)).toMatchObject({
    result: { protocolVersion: "2025-11-25", serverInfo: { name: "redline" } },
  });
  send({ method: "notifications/initialized" });
  send({ id: 3, method: "tools/call", params: { name: "review_files", arguments: { paths: "a.py" } } });
  expect(JSON.stringify(await answerTo(3))).toMatch(/paths/);
  send({ id: 4, method: "tools/list" });
  const { result } = (await answerTo(4)) as { result: { tools: { name: string }[] } };
  expect(result.tools.map(({ name }) => name)).toEqual([
    ...["review_files", "review_diff", "propose_change", "get_decision"],
    ...["list_findings", "explain_finding", "list_threads", "reply"],
  ]);
});
