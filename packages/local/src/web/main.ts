/**
 * The web process. Prints one line `{"ready":true,"web":url}` and ends when whoever started it ends. The launcher may
 * send late settings, `{env: {…}}`, while the app is being loaded.
 */
import { parseEnv } from "@redline/core/platform/env";
import { receiveLateEnv } from "../launcher/late-env";
import { endWithLauncher } from "../launcher/lifeline";
import { serveAssets } from "./assets";
import { startWebServer, type WebServerOptions } from "./server";

type App = { handle: WebServerOptions["handle"] };

const APP = new URL("../server/index.js", import.meta.url);
const CLIENT = new URL("../client/", import.meta.url);

endWithLauncher();
const env = parseEnv(process.env);
const lateEnv = receiveLateEnv();
const app = process.env.REDLINE_DEV === "1" ? await developmentApp() : await builtApp();
await lateEnv;

const server = await startWebServer({ port: Number(env.PORT), ...app });
process.once("SIGTERM", () => void server.close().finally(() => process.exit()));
process.stdout.write(`${JSON.stringify({ ready: true, web: `http://localhost:${server.port}` })}\n`);

async function builtApp(): Promise<Pick<WebServerOptions, "serveFile" | "handle">> {
  const { handle } = (await import(APP.href)) as App;
  return { serveFile: serveAssets(CLIENT.pathname), handle };
}

/** The same app from source: Vite transforms what the browser asks for and reloads what changes. */
async function developmentApp(): Promise<Pick<WebServerOptions, "serveFile" | "handle">> {
  const { createServer } = await import("vite");
  const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
  return {
    serveFile: (request, response, next) => {
      vite.middlewares(request, response, next);
      return true;
    },
    handle: async (request) => {
      const { handle } = (await vite.ssrLoadModule("./app/http/handler.server.ts")) as App;
      return handle(request);
    },
  };
}
