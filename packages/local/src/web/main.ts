/**
 * The web process. Prints one line `{"ready":true,"web":url}` and ends with its parent process. The launcher may
 * send late settings, `{env: {…}}`, while the app is being loaded.
 */

import { parseEnv } from "@redline/core/platform/env";
import { Reporter } from "../cloudwatch/reporter";
import { surviveRejections } from "../http/unhandled-rejections";
import { receiveEnvOverIpc } from "../launcher/env-over-ipc";
import { exitWithParent } from "../launcher/exit-with-parent";
import { FUNCTIONS } from "../launcher/resource-env";
import { collectAtRest } from "../rest";
import { serveAssets } from "./assets";
import { IdleWatch } from "./idle";
import { startWebServer, type WebServerOptions } from "./server";

type App = {
  handle: WebServerOptions["handle"];
  /** Ends the replies that this process is writing as *interrupted*, with what was written: they can go on elsewhere. */
  handBackWork: () => Promise<void>;
};

const APP = new URL("../server/index.js", import.meta.url);
const CLIENT = new URL("../client/", import.meta.url);

exitWithParent();
collectAtRest();
surviveRejections("web");
const env = parseEnv(process.env);
const lateEnv = receiveEnvOverIpc();
const app = process.env.REDLINE_DEV === "1" ? await developmentApp() : await builtApp();
await lateEnv;

const { handBackWork, ...serving } = app;
const reporter = new Reporter(process.env.AWS_ENDPOINT_URL_CLOUDWATCH);
const idleMinutes = Number(process.env.REDLINE_IDLE_MINUTES);
const idle = idleMinutes > 0 ? new IdleWatch(idleMinutes * 60_000, () => process.send?.({ idle: true })) : undefined;
const server = await startWebServer({
  port: Number(env.PORT),
  ...serving,
  // This process stands in for two functions and their URLs: the pages, and the streams that are held open.
  onRequest: () => idle?.begun(),
  onResponse: ({ path, status, durationMs }) => {
    idle?.ended();
    const functionName = path.startsWith("/logs/") ? FUNCTIONS.Logs : FUNCTIONS.Site;
    reporter.invoked(functionName, { isFailure: false, durationMs });
    reporter.measure("AWS/Lambda", { FunctionName: functionName }, { Url5xxCount: status >= 500 ? 1 : 0 });
  },
});
process.once(
  "SIGTERM",
  () =>
    void handBackWork()
      .then(server.close, server.close)
      .finally(() => process.exit()),
);
process.stdout.write(`${JSON.stringify({ ready: true, web: `http://localhost:${server.port}` })}\n`);

async function builtApp(): Promise<App & Pick<WebServerOptions, "serveFile">> {
  const { handle, handBackWork } = (await import(APP.href)) as App;
  return { serveFile: serveAssets(CLIENT.pathname), handle, handBackWork };
}

/** The same app from source: Vite transforms modules on request and reloads changes. */
async function developmentApp(): Promise<App & Pick<WebServerOptions, "serveFile">> {
  const { createServer } = await import("vite");
  const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
  const load = async () => (await vite.ssrLoadModule("./app/http/handler.server.ts")) as App;
  return {
    serveFile: (request, response, next) => {
      vite.middlewares(request, response, next);
      return true;
    },
    handle: async (request) => (await load()).handle(request),
    handBackWork: async () => (await load()).handBackWork(),
  };
}
