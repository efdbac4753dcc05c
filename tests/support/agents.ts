/** Redline served as on a laptop, and coding agents that are connected to it by MCP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type ClientCapabilities, InMemoryTransport } from "@modelcontextprotocol/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { startWebServer } from "@redline/local/web/server";
import { afterAll, beforeAll } from "vitest";
import { Api } from "../../packages/cli/src/mcp/api";
import type { Host } from "../../packages/cli/src/mcp/call";
import { createMcpServer } from "../../packages/cli/src/mcp/server";
import { newPool } from "../../packages/cli/src/review/engines";
import type { ReviewerPool } from "../../packages/cli/src/review/pool";
import { importHandler } from "./open-page";

export const TOKEN = "0123456789abcdef".repeat(4);

export type ServedProduct = { address: string; folder: string; requests: string[] };

/** Serves the app from before the tests of a file until after them; `withProduct` has to stand before it. */
export function withServedProduct(): ServedProduct {
  const served: ServedProduct = { address: "", folder: "", requests: [] };
  let end = async () => {};
  beforeAll(async () => {
    process.env.REDLINE_LOCAL_TOKEN = TOKEN;
    const handle = await importHandler();
    const onResponse = ({ path, status }: { path: string; status: number }) =>
      served.requests.push(`${path} ${status}`);
    const server = await startWebServer({ port: 0, serveFile: () => false, handle, onResponse });
    served.address = `http://localhost:${server.port}`;
    served.folder = mkdtempSync(join(tmpdir(), "redline-data-"));
    mkdirSync(join(served.folder, "cloud"));
    writeFileSync(join(served.folder, "address"), `${served.address}\n`);
    writeFileSync(join(served.folder, "local-token"), TOKEN);
    writeFileSync(join(served.folder, "cloud/owner.pid"), String(process.pid));
    end = () => server.close();
  });
  afterAll(async () => {
    await end();
    await endEngines();
    delete process.env.REDLINE_LOCAL_TOKEN;
    rmSync(served.folder, { recursive: true, force: true });
  });
  return served;
}

export type AgentOptions = {
  cwd: string;
  folder: string;
  name?: string;
  version?: "2025-11-25" | "2026-07-28";
  capabilities?: ClientCapabilities;
  /** Set on the client before it connects. */
  prepare?: (client: Client) => void;
  host?: Partial<Host>;
};

const closers: (() => Promise<void>)[] = [];
let pool: ReviewerPool | undefined;

/** Connects an agent by the SDK's client to a server in this process. */
export async function connectAgent(options: AgentOptions): Promise<Client> {
  const { cwd, folder, name = "Agent", version = "2025-11-25", capabilities = {}, prepare, host = {} } = options;
  const io = { cwd, env: { ...process.env, REDLINE_DATA: folder } };
  const own: Host = {
    ...{ io, api: new Api(io), allowApply: false, waitMs: 45_000, pollMs: 20 },
    pool: () => {
      // Starting engines takes longer than most tests.
      pool ??= newPool(1);
      return pool;
    },
    log: (message) => {
      throw new Error(message);
    },
    ...host,
  };
  const [near, far] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(({ era }) => createMcpServer(own, era), { transport: far });
  const mode = version === "2025-11-25" ? ("legacy" as const) : { pin: version };
  const client = new Client({ name, version: "1.0.0" }, { capabilities, versionNegotiation: { mode } });
  prepare?.(client);
  await client.connect(near);
  closers.push(async () => {
    await client.close();
    await handle.close();
  });
  return client;
}

/** Ends the agents that were connected since. */
export async function endAgents(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** Ends the engines that all agents of a test file share. */
export async function endEngines(): Promise<void> {
  await pool?.close();
  pool = undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: what a tool answers, which each test reads its own part of
export type Answer = Record<string, any>;

/** Calls a tool. Throws its refusal. */
export async function call(client: Client, name: string, args: object = {}, options = {}): Promise<Answer> {
  // For hanging only, as everywhere in tests: a client's own minute is short on a busy machine.
  const result = await client.callTool({ name, arguments: { ...args } }, { timeout: 5 * 60_000, ...options });
  const [content] = result.content as { text: string }[];
  if (result.isError) throw new Error(content?.text);
  return result.structuredContent as Answer;
}
