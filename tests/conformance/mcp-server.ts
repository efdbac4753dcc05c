/**
 * Redline's MCP server with the fixtures of `@modelcontextprotocol/conformance`, over HTTP, which is all that it tests:
 *
 *     node --import tsx tests/conformance/mcp-server.ts 4310
 *     npx @modelcontextprotocol/conformance@0.1.16 server --url http://localhost:4310/mcp
 */
import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { startWebServer } from "@redline/local/web/server";
import { Api } from "../../packages/cli/src/mcp/api";
import type { Host } from "../../packages/cli/src/mcp/call";
import { createMcpServer } from "../../packages/cli/src/mcp/server";
import { newPool } from "../../packages/cli/src/review/engines";
import { registerFixtures } from "./mcp-fixtures";

const io = { cwd: process.cwd(), env: process.env };
const pool = newPool(1);
const host: Host = {
  ...{ io, api: new Api(io), pool: () => pool, allowApply: false, waitMs: 1_000, pollMs: 100 },
  log: (message) => console.error(message),
};
const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

async function open(): Promise<WebStandardStreamableHTTPServerTransport> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  const server = createMcpServer(host, "legacy");
  server.server.registerCapabilities({ logging: {}, resources: { subscribe: true }, completions: {} });
  registerFixtures(server);
  await server.connect(transport);
  return transport;
}

const server = await startWebServer({
  port: Number(process.argv[2] ?? 0),
  serveFile: () => false,
  handle: async (request) => {
    const transport = sessions.get(request.headers.get("mcp-session-id") ?? "") ?? (await open());
    return transport.handleRequest(request);
  },
});
console.log(`http://localhost:${server.port}/mcp`);
