/** `redline mcp`. */

import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { Api } from "../mcp/api";
import type { Host } from "../mcp/call";
import { createMcpServer } from "../mcp/server";
import { claimOutput, logTo } from "../mcp/stdout";
import { newPool } from "../review/engines";
import type { ReviewerPool } from "../review/pool";
import type { Io } from "../terminal";
import type { Arguments } from "./command";

/** Clients end a call after a minute. */
const WAIT_MS = 45_000;
const POLL_MS = 1_000;
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export async function run({ values }: Arguments, io: Io): Promise<number> {
  const output = claimOutput(io.stdout, io.stderr);
  const log = logTo(io.stderr);
  const cwd = typeof values.root === "string" ? resolve(io.cwd, values.root) : io.cwd;
  let pool: ReviewerPool | undefined;
  const host: Host = {
    io: { cwd, env: io.env },
    api: new Api({ cwd, env: io.env }),
    pool: () => {
      pool ??= newPool();
      return pool;
    },
    ...{ log, allowApply: values["allow-apply"] === true, waitMs: WAIT_MS, pollMs: POLL_MS },
    ...(typeof values.agent === "string" && { agent: values.agent }),
  };
  const transport = new StdioServerTransport(io.stdin as Readable, output, { maxBufferSize: MAX_MESSAGE_BYTES });
  const ended = new Promise<void>((done) => {
    for (const event of ["end", "close"]) io.stdin.once(event, done);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
  const handle = serveStdio(({ era }) => createMcpServer(host, era), {
    transport,
    onerror: (error) => log(error.message),
  });
  await ended;
  await handle.close();
  await pool?.close();
  return 0;
}
