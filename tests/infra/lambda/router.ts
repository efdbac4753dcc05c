/** The router of a stage whose functions run here: one address, the site behind it, and the streams on their own function. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Deployed } from "./deployed";
import { ORIGIN, urlEvent } from "./events";

export class StageRouter {
  private constructor(
    private readonly stage: Deployed,
    private readonly server = createServer(),
  ) {}

  static async open(stage: Deployed): Promise<StageRouter> {
    const router = new StageRouter(stage);
    router.server.on("request", (request, response) =>
      router.forward(request, response).catch(() => response.writeHead(502).end()),
    );
    await new Promise<void>((resolve) => router.server.listen(0, "127.0.0.1", resolve));
    return router;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Rewrites the browser's requests from this address to the stage's. */
  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "GET", url: path = "/" } = request;
    const { host: _, connection: __, cookie, origin, ...headers } = request.headers as Record<string, string>;
    const event = urlEvent({
      ...{ method, path, cookies: cookie?.split("; ") },
      ...(body !== "" && { body }),
      headers: { ...headers, ...(origin && { origin: origin === this.url ? ORIGIN : origin }) },
    });
    const fn = await this.stage.function(path.startsWith("/logs/") ? "Logs" : "SiteServerUseast1");
    const streamed = await fn.stream(event);
    response.writeHead(streamed.statusCode, { ...streamed.headers, "set-cookie": streamed.cookies });
    for (const { text } of streamed.parts) response.write(text);
    response.end();
  }
}
