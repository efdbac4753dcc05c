/** `sst dev`, as far as it can be seen without an account: what it deploys, what it runs here, and that this works. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Deployed, SECRET } from "./lambda/deployed";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIVE = /Handler|Subscriber|^Notify/;

let stage: Deployed;

beforeAll(async () => {
  stage = await Deployed.deploy("dev-someone", {}, { isDev: true });
});

afterAll(() => stage?.close());

/** The site's command, with nothing in its environment but this. */
function start(env: Record<string, string>): ChildProcessByStdio<null, Readable, Readable> {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, ["scripts/dev-aws.mjs"], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: "development", ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("a developer's stage under sst dev", () => {
  it("synthesises without an error, with the table, queues and blobs of any stage", () => {
    const { stack } = stage;
    expect({ errors: stack.errors, unknownCalls: stack.unknownCalls }).toEqual({ errors: [], unknownCalls: [] });
    expect({ queues: stack.jobQueues.length, table: stack.table.name }).toEqual({
      queues: 1,
      table: "RedlineTableTable",
    });
  });

  it("runs the functions from source on the developer's machine, except those that need a build", () => {
    for (const { name, inputs } of stage.stack.functions) {
      const isLive = LIVE.test(name);
      const isStub = inputs.description.endsWith("live") || inputs.description.endsWith("(live)");
      expect({ name, isStub }).toEqual({ name, isStub: isLive });
      if (!name.startsWith("SiteDevServer")) expect(inputs.environment.variables.REDLINE_STAGE).toBe("dev-someone");
    }
    expect(stage.stack.functions.map(({ name }) => name).filter((name) => !LIVE.test(name))).toEqual(
      expect.arrayContaining(["CheckFunction", "LogsFunction", "SiteDevServerFunction"]),
    );
  });

  it("starts the site locally, with its links and its role", () => {
    const [site, ...more] = stage.stack.devCommands;
    expect(more).toEqual([]);
    expect(site).toMatchObject({
      command: "npm run dev:aws",
      environment: { REDLINE_STAGE: "dev-someone" },
      links: expect.arrayContaining(["Table", "Blobs", "CheckFunction", "ReviewQueue", "SigningKey", "OperatorSecret"]),
      aws: { role: expect.stringContaining("SiteDevServerRole") },
    });
    expect(stage.stack.all("aws:lambda/function:Function").map(({ name }) => name)).not.toContain(
      "SiteServerUseast1Function",
    );
    const may = stage.stack.statements
      .filter(({ role }) => role === "SiteDevServerRole")
      .flatMap(({ Action }) => Action);
    expect(may).toEqual(expect.arrayContaining(["dynamodb:PutItem", "s3:GetObject", "lambda:InvokeFunction"]));
  });

  it("serves the app from source with the linked resources, for those with the stage's secret", async () => {
    const { env } = await stage.linked("SiteDevServer");
    const child = start({ ...env, PORT: "0", AWS_ENDPOINT_URL_CLOUDWATCH: "" });
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    try {
      // Vite may have words of its own before it, as after an update of packages.
      const ready = new Promise<string>((resolve) => {
        createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("{") && resolve(line));
      });
      const ended = once(child, "exit").then(() => Promise.reject(new Error(said)));
      const { web } = JSON.parse(await Promise.race([ready, ended])) as { web: string };
      const page = (path: string, cookie?: string) =>
        fetch(web + path, { headers: { accept: "text/html", ...(cookie && { cookie }) }, redirect: "manual" });
      expect((await page("/sessions")).headers.get("location")).toBe("/auth/sign-in?to=%2Fsessions");
      const signedIn = await fetch(`${web}/auth/sign-in`, {
        method: "POST",
        headers: { origin: web },
        body: new URLSearchParams({ secret: SECRET, to: "/sessions" }),
        redirect: "manual",
      });
      const cookie = signedIn.headers.get("set-cookie")?.split(";")[0];
      expect(signedIn.status, await signedIn.text()).toBe(302);
      const sessions = await page("/sessions", cookie);
      expect(sessions.status, said).toBe(200);
      expect(await sessions.text()).toContain("No sessions yet");
      expect([...(await stage.gate("SiteDevServer")).refused]).toEqual([]);
    } finally {
      child.kill("SIGKILL");
      if (child.exitCode === null) await once(child, "exit");
    }
  });

  it("explains how to start it when nothing is linked", async () => {
    const child = start({});
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    const [code] = await once(child, "exit");
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining("npx sst dev") });
  });
});
