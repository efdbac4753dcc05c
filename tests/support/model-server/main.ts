/**
 * The model server in a process of its own: `node --import tsx tests/support/model-server/main.ts --port 8400`.
 * `--answers file.json` names a list of scripted answers, taken in turn. Prints one line `{"ready":true,…}` with its
 * addresses. Ends on SIGTERM.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ScriptedAnswer, startModelServer } from "./index";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "bedrock-port": { type: "string", default: "0" },
    answers: { type: "string" },
    "without-tools": { type: "boolean", default: false },
  },
});

const server = await startModelServer({
  port: Number(values.port),
  bedrockPort: Number(values["bedrock-port"]),
  ...(values["without-tools"] && { withoutTools: "refused" }),
});
if (values.answers) {
  const answers = JSON.parse(readFileSync(values.answers, "utf8")) as ScriptedAnswer[];
  server.script((call) => answers[(call.number - 1) % answers.length] ?? {});
}
process.once("SIGTERM", () => void server.stop().then(() => process.exit()));
process.stdout.write(`${JSON.stringify({ ready: true, ...server.urls })}\n`);
