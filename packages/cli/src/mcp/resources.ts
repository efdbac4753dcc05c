/** Sessions and rules as resources. */
import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { RULES } from "@redline/core/reviewers/index";
import type { SessionView } from "./api";
import type { Host } from "./call";
import { ruleOf } from "./tools/session";

const JSON_TYPE = "application/json";
const MAX_LISTED = 50;

const contents = (uri: URL, value: unknown) => ({
  contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: JSON.stringify(value, null, 1) }],
});

export function registerResources(server: McpServer, { api }: Host): void {
  // Clients list resources by themselves, which is no reason to start Redline.
  const sessions = async (): Promise<SessionView[]> =>
    api.isServing ? (await api.send<{ sessions: SessionView[] }>("GET", "/agents/sessions")).sessions : [];

  server.registerResource(
    "sessions",
    "redline://sessions",
    { title: "Sessions", description: "The latest review sessions", mimeType: JSON_TYPE },
    async (uri) => contents(uri, { sessions: await sessions() }),
  );
  server.registerResource(
    "session",
    new ResourceTemplate("redline://sessions/{id}", {
      list: async () => ({
        resources: (await sessions())
          .slice(0, MAX_LISTED)
          .map(({ id, name }) => ({ uri: `redline://sessions/${id}`, name, mimeType: JSON_TYPE })),
      }),
      complete: { id: async (start) => (await sessions()).map(({ id }) => id).filter((id) => id.startsWith(start)) },
    }),
    { title: "Session", description: "A session with its findings and threads", mimeType: JSON_TYPE },
    async (uri, { id }) => contents(uri, await api.send("GET", `/agents/sessions/${encodeURIComponent(String(id))}`)),
  );
  server.registerResource(
    "rules",
    "redline://rules",
    { title: "Rules", description: "The rules of the built-in reviewer", mimeType: JSON_TYPE },
    async (uri) =>
      contents(uri, { rules: RULES.map(({ id, title, severity, languages }) => ({ id, title, severity, languages })) }),
  );
  server.registerResource(
    "rule",
    new ResourceTemplate("redline://rules/{+id}", {
      list: undefined,
      complete: {
        id: (start) => RULES.flatMap(({ id }) => (id.startsWith(start) ? [id] : [])).slice(0, MAX_LISTED),
      },
    }),
    { title: "Rule", description: "A rule with a bad and a good example", mimeType: JSON_TYPE },
    (uri, { id }) => contents(uri, ruleOf(decodeURIComponent(String(id)))),
  );
}
