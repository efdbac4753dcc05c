/** Plays what people do against the local cloud, one act after the other, and tells what each used. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { OPERATOR_ID, restoreActor } from "@redline/core/auth/index";
import { newChangeId } from "@redline/core/changes/schema";
import { sendAnnouncement } from "@redline/core/platform/announce";
import { sleep } from "@redline/core/platform/clock";
import { listFindings, runReview } from "@redline/core/review/index";
import { createSession } from "@redline/core/sessions/index";
import { answerLogId, newMessageId, newThreadId } from "@redline/core/threads/schema";
import type { Item } from "@redline/local/dynamodb/model";
import { itemBytes } from "@redline/local/dynamodb/sizes";
import { BUCKET, linkedEnv, QUEUES, TABLE } from "@redline/local/launcher/links";
import { ensureTable } from "@redline/local/provision";
import { ensureBuckets, productBucket } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import { newDataDir, removeDataDir } from "../../e2e/support/product";
import { localClient, startChildCloud } from "../../support/cloud";
import { Meter } from "./meter";
import { ASSUMED, add, type FunctionName, noUsage, type Usage, usageOf } from "./usage";

export type Act =
  | "look at the sessions"
  | "create a session of 5 files, reviewed"
  | "come back to a session"
  | "save a file, reviewed again"
  | "accept a fix, reviewed again"
  | "ask, and read an answer of 8 s"
  | "load the scripts, once a release";

export type Played = {
  acts: Record<Act, Usage>;
  sweep: Usage;
  nightly: Usage;
  /** What one session keeps in the table, with what was done in it, indexes included. */
  tableBytesPerSession: number;
};

type Site = { handle(request: Request): Promise<Response>; answersSettled(): Promise<void> };

const HOST = "redline.example";
const ORIGIN = `https://${HOST}`;
const SECRET = "the operator's secret of the cost table";
const HEADER_BYTES = 1_000;
/** What DynamoDB adds to each item that it stores. */
const STORED_OVERHEAD_BYTES = 100;
const ANSWER = { text: "Each item is counted once. ".repeat(60).slice(0, 1_600), chunkChars: 20, delayMs: 100 };

const source = (at: number, problem: boolean) => `export function total${at}(items: number[]) {
  ${problem ? "let" : "const"} tax = 0.2;
  for (const item of items) {
    if (item ${problem ? "==" : "==="} 0) ${problem ? "debugger" : "continue"};
  }
  return items.length * tax;
}
`;
/** Forty lines and more a file, as people have them. */
const file = (at: number, problem = at < 2) =>
  Array.from({ length: 6 }, (_, copy) => source(at * 10 + copy, problem && copy === 0)).join("\n");

export async function play(sessions: number): Promise<Played> {
  const children: ChildProcess[] = [];
  const dataDir = newDataDir();
  const answers = `${dataDir}-answers.json`;
  try {
    writeFileSync(answers, JSON.stringify([ANSWER]));
    const cloud = await startChildCloud(dataDir);
    children.push(cloud.process);
    const meter = new Meter();
    const check = await startChild(children, "tests/bench/cost/check-function.ts");
    const model = JSON.parse(await startChild(children, "tests/support/model-server/main.ts", "--answers", answers));
    const metered = await meter.around(cloud.endpoints, check);
    Object.assign(process.env, linkedEnv(metered, "a key for the cost table only"), {
      AWS_ENDPOINT_URL_LAMBDA: metered.lambda,
      REDLINE_AUTH: "on",
      REDLINE_LOG: "info",
      REDLINE_MODEL: `openai:${model.openai}/v1#test-model`,
      SST_RESOURCE_OperatorSecret: JSON.stringify({ value: SECRET }),
    });
    const table = new DynamoDBClient(localClient(cloud.endpoints.dynamodb));
    await ensureTable(table, TABLE);
    const s3 = new S3Client({ ...localClient(cloud.endpoints.s3), forcePathStyle: true });
    await ensureBuckets(s3, [productBucket(BUCKET)]);
    await ensureQueues(new SQSClient(localClient(cloud.endpoints.sqs)), Object.values(QUEUES));
    return await new Player(meter).play(sessions, table);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    removeDataDir(dataDir);
    rmSync(answers, { force: true });
  }
}

/** Its first line is what it says of itself. */
async function startChild(children: ChildProcess[], script: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return String(line).trim();
}

class Player {
  private site!: Site;
  private cookie = "";
  private readonly uses = new Map<string, Usage[]>();
  private current = noUsage();
  private logged = 0;

  constructor(private readonly meter: Meter) {
    const write = process.stderr.write.bind(process.stderr);
    // The product's log is counted instead of shown, but for what went wrong.
    process.stderr.write = ((text: string | Uint8Array) => {
      this.logged += text.length;
      return /"level":"error"|Error/.test(String(text)) ? write(text) : true;
    }) as typeof process.stderr.write;
  }

  async play(sessions: number, table: DynamoDBClient): Promise<Played> {
    this.site = (await import(pathToFileURL("build/server/index.js").href)) as Site;
    await this.signIn();
    // The first one warms everything up.
    await this.story();
    this.uses.clear();
    const before = await bytesIn(table);
    for (let count = 0; count < sessions; count += 1) await this.story();
    const tableBytesPerSession = ((await bytesIn(table)) - before) / sessions;
    const { handler: sweep } = await import("../../../packages/functions/src/cron/sweep");
    const { handler: nightly } = await import("../../../packages/functions/src/cron/nightly");
    for (let count = 0; count < 4; count += 1) {
      await this.act("sweep", () => this.step("sweep", sweep));
      await this.act("nightly", () => this.step("nightly", nightly));
    }
    const mean = (name: string) => {
      const all = this.uses.get(name) ?? [];
      return all.reduce((sum, each) => add(sum, each, 1 / all.length), noUsage());
    };
    const acts = Object.fromEntries([...this.uses.keys()].map((name) => [name, mean(name)])) as Played["acts"];
    return { acts, sweep: mean("sweep"), nightly: mean("nightly"), tableBytesPerSession };
  }

  /** What happens around one session, each act once but for saving. */
  private async story(): Promise<void> {
    const actor = await restoreActor({ userId: OPERATOR_ID });
    const act = (name: Act, run: () => Promise<unknown>) => this.act(name, run);
    await act("look at the sessions", () => this.get("/sessions"));
    let id = "";
    await act("create a session of 5 files, reviewed", async () => {
      await this.step("site", async () => {
        const pasted = Array.from({ length: 5 }, (_, at) => ({ path: `src/total${at}.ts`, text: file(at) }));
        const { session } = await createSession(actor, { key: randomUUID(), pasted });
        id = session.id;
      });
      this.count({ requests: 1, bytesOut: HEADER_BYTES });
      await this.get(`/sessions/${id}`);
      await this.reviewed(id, 1);
    });
    let page = "";
    await act("come back to a session", async () => {
      page = await this.get(`/sessions/${id}`);
    });
    await act("load the scripts, once a release", async () => this.scripts(page));
    const threadId = newThreadId();
    const about = { intent: "open-thread", threadId, messageId: newMessageId(), path: "src/total2.ts", startLine: 3 };
    await act("ask, and read an answer of 8 s", async () => {
      await this.post(`/sessions/${id}/talk`, { ...about, text: "Why is the tax not added?" });
      await this.get(`/logs/${answerLogId(id, threadId, 2, 1)}`);
      await this.get(`/sessions/${id}/threads/${threadId}`);
      await this.get(`/sessions/${id}.data`);
    });
    const finding = (await listFindings(actor, { sessionId: id })).find(({ fix }) => fix);
    await act("accept a fix, reviewed again", async () => {
      const accepted = { intent: "accept", change: finding?.fix?.changeId, identity: finding?.identity };
      await this.post(`/sessions/${id}/act`, accepted);
      await this.reviewed(id, 2);
    });
    for (const base of [2, 3]) {
      await act("save a file, reviewed again", async () => {
        const files = [{ path: "src/total3.ts", text: `${file(3)}// typed ${base}\n` }];
        const window = "window-of-cost";
        for (let typed = 0; typed < 3; typed += 1) {
          await this.post(`/sessions/${id}/draft`, { window, base, files });
          await this.post(`/sessions/${id}/check`, { ...files[0], language: "typescript" });
        }
        await this.post(`/sessions/${id}/act`, { intent: "save", changeId: newChangeId(), base, files, window });
        await this.reviewed(id, base + 1);
      });
    }
  }

  /** What follows a new version: its announcement, its review while the page follows it, and the page anew. */
  private async reviewed(sessionId: string, version: number): Promise<void> {
    const job = { kind: "review", sessionId, version, userId: OPERATOR_ID } as const;
    await this.step("changes", () => sendAnnouncement(job));
    // Lambda receives the job and deletes it.
    this.count({ sqsRequests: 2 });
    await this.get(`/sessions/${sessionId}.data`);
    const following = this.follow(`/logs/${sessionId}.${version}`);
    await sleep(ASSUMED.announceMs);
    await this.step("review", () => runReview(job));
    await following;
    await this.get(`/sessions/${sessionId}.data`);
  }

  /** Beside what else happens, so that only its time is its own. */
  private async follow(path: string): Promise<void> {
    const startedAt = performance.now();
    const bytesOut = await this.fetch(path).then(({ bytes }) => bytes);
    const idle = { readUnits: 0, writeUnits: 0, s3Writes: 0, s3Reads: 0, s3BytesWritten: 0, sqsRequests: 0, waits: 0 };
    const metered = { ...idle, checks: { calls: 0, ms: 0 } };
    const measured = { cpuMs: 0, wallMs: performance.now() - startedAt, metered, logBytes: 0 };
    add(this.current, usageOf("logs", measured));
    this.count({ requests: 1, bytesOut });
  }

  private async get(path: string): Promise<string> {
    let text = "";
    await this.step(path.startsWith("/logs/") ? "logs" : "site", async () => {
      const answered = await this.fetch(path);
      await this.site.answersSettled();
      text = answered.text;
      this.count({ requests: 1, bytesOut: answered.bytes });
    });
    return text;
  }

  private async post(path: string, body: object): Promise<void> {
    await this.step("site", async () => {
      const { bytes } = await this.fetch(path, { method: "POST", body: JSON.stringify(body) });
      this.count({ requests: 1, bytesOut: bytes });
    });
  }

  private async signIn(): Promise<void> {
    const body = new URLSearchParams({ secret: SECRET, to: "/" });
    const headers = { origin: ORIGIN, host: HOST };
    const response = await this.site.handle(new Request(`${ORIGIN}/auth/sign-in`, { method: "POST", body, headers }));
    this.cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<{ text: string; bytes: number }> {
    const own = { cookie: this.cookie, origin: ORIGIN, host: HOST };
    const headers = { ...own, accept: "text/html,*/*", "content-type": "application/json" };
    const response = await this.site.handle(new Request(ORIGIN + path, { ...init, headers }));
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${text.slice(0, 300)}`);
    const isStream = path.startsWith("/logs/");
    return { text, bytes: HEADER_BYTES + (isStream ? Buffer.byteLength(text) : gzipSync(text).length) };
  }

  /** Everything that a review's page names, as it goes over the wire, once a release: then it is in the browser's cache. */
  private scripts(html: string): void {
    const paths = new Set([...html.matchAll(/\/assets\/[\w.$~-]+\.(?:js|css|woff2)/g)].map(([path]) => path));
    for (const path of paths) this.count({ requests: 1, bytesOut: HEADER_BYTES + sentBytes(`build/client${path}`) });
  }

  private async act(name: string, run: () => Promise<unknown>): Promise<void> {
    this.current = noUsage();
    await run();
    this.uses.set(name, [...(this.uses.get(name) ?? []), this.current]);
  }

  private count(some: Partial<Usage>): void {
    add(this.current, { ...noUsage(), ...some });
  }

  private async step(name: FunctionName, run: () => Promise<unknown>): Promise<void> {
    this.logged = 0;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await run();
    const { user, system } = process.cpuUsage(cpu);
    const measured = { cpuMs: (user + system) / 1_000, wallMs: performance.now() - startedAt, logBytes: this.logged };
    add(this.current, usageOf(name, { ...measured, metered: this.meter.take() }));
  }
}

function sentBytes(path: string): number {
  try {
    return statSync(`${path}.br`).size;
  } catch {
    return readFileSync(path).length;
  }
}

/** Of all items that stay, each once more for each index it is in. */
async function bytesIn(table: DynamoDBClient): Promise<number> {
  let bytes = 0;
  let from: Record<string, never> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.send(
      new ScanCommand({ TableName: TABLE, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of Items) {
      if (item.ttl) continue;
      const copies = 1 + Number("gsi1pk" in item) + Number("gsi2pk" in item);
      bytes += copies * (itemBytes(item as Item) + STORED_OVERHEAD_BYTES);
    }
    from = LastEvaluatedKey as typeof from;
  } while (from);
  return bytes;
}
