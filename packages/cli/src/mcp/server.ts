/** The MCP server: tools, resources and prompts for one connection. */
import { McpServer } from "@modelcontextprotocol/server";
import { VERSION } from "../version";
import type { Connection, Host } from "./call";
import { registerPrompts } from "./prompts";
import { registerResources } from "./resources";
import { registerTools } from "./tools/tools";

const INSTRUCTIONS = `Redline lets a person review code and decide on every change by hunk. Review your work with review_diff before you say that it is done. Propose edits with propose_change, give the person the url, and ask get_decision for the outcome; rejected hunks come with the person's notes.`;

export function createMcpServer(host: Host, era: Connection["era"]): McpServer {
  const server = new McpServer(
    { name: "redline", title: "Redline", version: VERSION },
    { instructions: INSTRUCTIONS, capabilities: { tools: {}, resources: {}, prompts: {} } },
  );
  const connection: Connection = { era };
  server.server.setNotificationHandler("notifications/roots/list_changed", () => {
    connection.roots = undefined;
  });
  registerTools(server, host, connection);
  registerResources(server, host);
  registerPrompts(server);
  return server;
}
