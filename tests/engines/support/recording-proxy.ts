/**
 * Stands before the product and records what must not happen unseen: printed lines, errors and failed requests. WebKit's
 * driver tells of none of these, so each page is given a script that reports them; it is the first to run and leaves no trace.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

const REPORT_PATH = "/reported-by-the-page";
const NONCE = /'nonce-([^']+)'/;

/** Runs in the page. */
function report(reportPath: string): void {
  document.currentScript?.remove();
  const tell = (line: string): void => void navigator.sendBeacon(reportPath, `${location.pathname} ${line}`);
  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    const print = console[level];
    console[level] = (...args: unknown[]) => {
      tell(`console ${level}: ${args.map(String).join(" ")}`);
      print.apply(console, args);
    };
  }
  const onError = ({ message, target }: ErrorEvent) => {
    if (!(target instanceof Element)) return tell(`error: ${message}`);
    // Firefox fires one for each module that is imported already. Whether it was served, the proxy sees.
    if (!target.matches("link[rel=modulepreload]")) tell(`not loaded: ${target.outerHTML}`);
  };
  // Elements that are not loaded come by in the capturing phase only.
  addEventListener("error", onError, true);
  addEventListener("unhandledrejection", ({ reason }) => tell(`unhandled rejection: ${reason}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    tell(`blocked: ${violatedDirective} ${blockedURI}`),
  );
}

export type RecordingProxy = { url: string; noise: string[]; stop(): void };

export async function startRecordingProxy(productUrl: string): Promise<RecordingProxy> {
  const noise: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === REPORT_PATH) {
      void text(request).then((line) => noise.push(line));
      response.writeHead(204).end();
    } else forward(productUrl, request, response, noise);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, noise, stop };
}

function forward(productUrl: string, request: IncomingMessage, response: ServerResponse, noise: string[]): void {
  const { method, url, headers } = request;
  const fail = (reason: unknown) => noise.push(`${method} ${url}: ${reason}`);
  const onAnswer = (answer: IncomingMessage) => {
    const { statusCode = 502, headers: answered } = answer;
    if (statusCode >= 400) fail(statusCode);
    const nonce = NONCE.exec(String(answered["content-security-policy"]))?.[1];
    const isPage = nonce !== undefined && answered["content-type"]?.startsWith("text/html");
    if (isPage) delete answered["content-length"];
    response.writeHead(statusCode, answered);
    // A browser that navigates leaves what it had requested: no failure.
    pipeline(isPage ? withReport(answer, nonce) : answer, response).catch(() => sent.destroy());
  };
  // Uncompressed, so that the script can be put into pages.
  const sent = send(
    `${productUrl}${url}`,
    { method, headers: { ...headers, "accept-encoding": "identity" } },
    onAnswer,
  );
  sent.on("error", (error) => {
    if (!response.destroyed) fail(error.message);
    response.destroy();
  });
  request.pipe(sent);
}

async function* withReport(page: AsyncIterable<Buffer>, nonce: string) {
  const script = `<script nonce="${nonce}">(${report})(${JSON.stringify(REPORT_PATH)})</script>`;
  let isFirst = true;
  for await (const chunk of page) {
    const at = isFirst ? chunk.indexOf("<head>") + "<head>".length : 0;
    yield chunk.subarray(0, at);
    if (isFirst) yield script;
    yield chunk.subarray(at);
    isFirst = false;
  }
}
