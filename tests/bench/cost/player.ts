/** Plays the activities of users one after the other, each metered separately. */
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OPERATOR_ID, restoreActor } from "@redline/core/auth/index";
import { newChangeId } from "@redline/core/changes/schema";
import { sleep } from "@redline/core/platform/clock";
import { enqueueJob } from "@redline/core/platform/outbox";
import { listFindings } from "@redline/core/review/index";
import { newMessageId, newThreadId, replyLogId } from "@redline/core/threads/schema";
import { handler as performJob } from "@redline/functions/review";
import type { Context, SQSRecord } from "aws-lambda";
import { ulid } from "ulid";
import { type ExplainedRequest, explained } from "./explain";
import type { Metered } from "./meter";
import { sourceFile } from "./sources";
import { type Stored, storedIn } from "./stored";
import { ASSUMED, add, type FunctionName, noUsage, type Usage, usageOf } from "./usage";

export type Act =
  | "look at the sessions"
  | "create a session of 5 files, reviewed"
  | "come back to a session"
  | "save a file, reviewed again"
  | "accept a fix, reviewed again"
  | "ask, and read a reply of 8 s"
  | "load the scripts, once a release";

export type Played = {
  acts: Record<Act, Usage>;
  sweep: Usage;
  nightly: Usage;
  stored: Stored;
  /** The explanation of each activity. */
  explained: Record<string, string>;
};

type Site = {
  handle(request: Request): Promise<Response>;
  settleWork(): Promise<void>;
  invocation: typeof import("@redline/core/platform/invocation").invocation;
};

const HOST = "redline.example";
const ORIGIN = `https://${HOST}`;
const HEADER_BYTES = 1_000;
const WARM_UP = 12;

const INVOKED = {
  ...{ functionName: "redline-production-Site", awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 60_000 },
} as Context;

export class Player {
  private site!: Site;
  private cookie = "";
  private readonly uses = new Map<string, Usage[]>();
  private readonly requests = new Map<string, ExplainedRequest[]>();
  private askedInAct: ExplainedRequest[] = [];
  private stories = 0;
  private current = noUsage();
  private logBytes = 0;
  private isInStep = false;

  constructor(
    private readonly control: string,
    private readonly secret: string,
  ) {
    // The product's log is what it is there, and is counted instead of shown, but for what went wrong.
    process.env.AWS_LAMBDA_FUNCTION_NAME = "cost";
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      stream.write = ((text: string | Uint8Array) => {
        if (this.isInStep) this.logBytes += text.length + ASSUMED.logLineBytes;
        return !this.isInStep || /"level":"ERROR"|Error/.test(String(text)) ? write(text) : true;
      }) as typeof stream.write;
    }
  }

  async play(sessions: number, table: DynamoDBClient): Promise<Played> {
    this.site = (await import(pathToFileURL("build/server/index.js").href)) as Site;
    await this.signIn();
    // The first ones warm everything up: what a fresh instance takes longer is billed as its start.
    for (let count = 1; count <= WARM_UP; count += 1) await this.story(count === WARM_UP);
    this.uses.clear();
    this.requests.clear();
    const before = await storedIn(table);
    for (let count = 0; count < sessions; count += 1) await this.story();
    const after = await storedIn(table);
    const stored = { ...after };
    for (const name of Object.keys(after) as (keyof Stored)[]) stored[name] = (after[name] - before[name]) / sessions;
    const { handler: sweep } = await import("../../../packages/functions/src/cron/sweep");
    const { handler: nightly } = await import("../../../packages/functions/src/cron/nightly");
    for (let count = 0; count < 4; count += 1) {
      await this.act("sweep", () => this.step("sweep", () => sweep({}, INVOKED)));
      await this.act("nightly", () => this.step("nightly", () => nightly({}, INVOKED)));
    }
    const mean = (name: string) => {
      const all = this.uses.get(name) ?? [];
      return all.reduce((sum, each) => add(sum, each, 1 / all.length), noUsage());
    };
    const acts = Object.fromEntries([...this.uses.keys()].map((name) => [name, mean(name)])) as Played["acts"];
    const words = [...this.requests].map(([name, requests]) => [
      name,
      explained(requests, this.uses.get(name)?.length ?? 1),
    ]);
    const means = { acts, sweep: mean("sweep"), nightly: mean("nightly") };
    return { ...means, stored, explained: Object.fromEntries(words) };
  }

  /** Plays the life of one session: each activity once, except for saving. */
  private async story(isAsking = true): Promise<void> {
    const actor = await restoreActor({ userId: OPERATOR_ID });
    this.stories += 1;
    const file = (at: number, typed = "") => sourceFile(this.stories, at) + typed;
    const act = (name: Act, run: () => Promise<unknown>) => this.act(name, run);
    await act("look at the sessions", () => this.get("/sessions"));
    let id = "";
    await act("create a session of 5 files, reviewed", async () => {
      await this.get("/sessions/new.data");
      const form = new FormData();
      form.set("key", ulid());
      for (let at = 0; at < 5; at += 1) form.append("files", new File([file(at)], `src/total${at}.ts`));
      const answered = await this.post("/sessions/new.data", form);
      id = /\/sessions\/(ses_\w+)/.exec(answered)?.[1] ?? "";
      await this.get(`/sessions/${id}.data`);
      await this.reviewed(id, 1);
    });
    let page = "";
    await act("come back to a session", async () => {
      page = await this.get(`/sessions/${id}`);
    });
    await act("load the scripts, once a release", async () => this.scripts(page));
    const threadId = newThreadId();
    const about = {
      intent: "open-thread",
      threadId,
      messageId: newMessageId(),
      path: "src/total2.ts",
      startLine: 3,
      follows: true,
    };
    if (isAsking)
      await act("ask, and read a reply of 8 s", async () => {
        await this.post(`/sessions/${id}/conversation`, { ...about, text: "Why is the tax not added?" });
        await this.get(`/logs/${replyLogId(id, threadId, 2, 1)}`);
        await this.requested({ kind: "reply", sessionId: id, threadId, number: 2, userId: OPERATOR_ID });
        await this.get(`/sessions/${id}/threads/${threadId}`);
        await this.get(`/sessions/${id}.data`);
      });
    const finding = (await listFindings(actor, { sessionId: id })).find(({ fix }) => fix);
    await act("accept a fix, reviewed again", async () => {
      const accepted = { intent: "accept", change: finding?.fix?.changeId, identity: finding?.identity };
      await this.post(`/sessions/${id}/actions`, accepted);
      await this.get(`/sessions/${id}.data`);
      await this.reviewed(id, 2);
    });
    for (const base of [2, 3]) {
      await act("save a file, reviewed again", async () => {
        const draftId = "draft-of-cost";
        let files: { path: string; text: string }[] = [];
        for (let typed = 1; typed <= 3; typed += 1) {
          files = [{ path: "src/total3.ts", text: file(3, `// ${"typed ".repeat(typed)}${base}\n`) }];
          await this.post(`/sessions/${id}/draft`, { draftId, base, files });
          await this.post(`/sessions/${id}/check`, { ...files[0], language: "typescript" });
        }
        await this.post(`/sessions/${id}/actions`, { intent: "save", changeId: newChangeId(), base, files, draftId });
        await this.get(`/sessions/${id}.data`);
        await this.reviewed(id, base + 1);
      });
    }
  }

  /** Plays what follows a new version: its outbox job, its review with the page following, and the page refresh. */
  private async reviewed(sessionId: string, version: number): Promise<void> {
    const job = { kind: "review", sessionId, version, userId: OPERATOR_ID } as const;
    await this.step("changes", () => enqueueJob(job));
    // Lambda receives the job and deletes it.
    this.count({ sqsRequests: 2 });
    const startedAt = performance.now();
    const following = this.fetch(`/logs/${sessionId}.${version}`);
    await sleep(ASSUMED.announceMs);
    const work = await this.step("review", async () => performJob({ Records: [recordOf(job)] }, INVOKED, () => {}));
    const text = await following;
    // Beside the review, so that only its time is its own: and that of the review is what it takes there, not here.
    const wallMs = performance.now() - startedAt - work.wallMs + work.workMs;
    add(this.current, usageOf("logs", { cpuMs: 0, wallMs, metered: await this.take(), logBytes: 0 }).usage);
    this.count({ requests: 1, bytesOut: bytesSent("/logs/", text) });
    await this.get(`/sessions/${sessionId}.data`);
  }

  /** The job of a reply that its page has had written: Lambda receives it, finds that it is done and deletes it. */
  private async requested(job: object): Promise<void> {
    this.count({ sqsRequests: 2 });
    await this.step("review", async () => performJob({ Records: [recordOf(job)] }, INVOKED, () => {}));
  }

  private async get(path: string): Promise<string> {
    let text = "";
    await this.step(path.startsWith("/logs/") ? "logs" : "site", async () => {
      text = await this.fetch(path);
      await this.site.settleWork();
    });
    this.count({ requests: 1, bytesOut: bytesSent(path, text) });
    return text;
  }

  private async post(path: string, body: object | FormData): Promise<string> {
    let text = "";
    await this.step("site", async () => {
      const sent = body instanceof FormData ? body : JSON.stringify(body);
      text = await this.fetch(path, { method: "POST", body: sent });
    });
    this.count({ requests: 1, bytesOut: bytesSent(path, text) });
    return text;
  }

  private async signIn(): Promise<void> {
    const body = new URLSearchParams({ secret: this.secret, to: "/" });
    const headers = { origin: ORIGIN, host: HOST };
    const response = await this.site.handle(new Request(`${ORIGIN}/auth/sign-in`, { method: "POST", body, headers }));
    this.cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<string> {
    const own = { cookie: this.cookie, origin: ORIGIN, host: HOST };
    const type = typeof init.body === "string" && { "content-type": "application/json" };
    const headers = { ...own, accept: "text/html,*/*", ...type };
    const response = await this.site.handle(new Request(ORIGIN + path, { ...init, headers }));
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  }

  /** Everything that a review's page names, as it goes over the wire, once a release: then it is in the browser's cache. */
  private scripts(html: string): void {
    const paths = new Set([...html.matchAll(/\/assets\/[\w.$~-]+\.(?:js|css|woff2)/g)].map(([path]) => path));
    for (const path of paths) this.count({ requests: 1, bytesOut: HEADER_BYTES + sentBytes(`build/client${path}`) });
  }

  private async act(name: string, run: () => Promise<unknown>): Promise<void> {
    this.current = noUsage();
    this.askedInAct = [];
    await run();
    this.requests.set(name, [...(this.requests.get(name) ?? []), ...this.askedInAct]);
    this.uses.set(name, [...(this.uses.get(name) ?? []), this.current]);
  }

  private count(some: Partial<Usage>): void {
    add(this.current, { ...noUsage(), ...some });
  }

  /** Returns the counts since the last call. */
  private async take(): Promise<Metered> {
    const metered = (await (await fetch(this.control)).json()) as Metered;
    this.askedInAct.push(...metered.requests);
    return metered;
  }

  /** One call of a function; gives how long it took here and what it takes there. */
  private async step(name: FunctionName, run: () => Promise<unknown>): Promise<{ wallMs: number; workMs: number }> {
    this.logBytes = 0;
    this.isInStep = true;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const isOfSite = name === "site" || name === "logs";
    await (isOfSite ? this.site.invocation(name, INVOKED, async () => void (await run())) : run());
    this.isInStep = false;
    const { user, system } = process.cpuUsage(cpu);
    const wallMs = performance.now() - startedAt;
    const measured = { cpuMs: (user + system) / 1_000, wallMs, logBytes: this.logBytes };
    const { usage, workMs } = usageOf(name, { ...measured, metered: await this.take() });
    add(this.current, usage);
    return { wallMs, workMs };
  }
}

const recordOf = (job: object) =>
  ({ messageId: randomUUID(), body: JSON.stringify(job), attributes: { ApproximateReceiveCount: "1" } }) as SQSRecord;

/** Pages are compressed by CloudFront, not by the function that made them; streams are not. */
const bytesSent = (path: string, text: string) =>
  HEADER_BYTES + (path.startsWith("/logs/") ? Buffer.byteLength(text) : gzipSync(text).length);

function sentBytes(path: string): number {
  try {
    return statSync(`${path}.br`).size;
  } catch {
    return readFileSync(path).length;
  }
}
