/**
 * Stands between a function and the local cloud, which knows no permissions: lets through what the function's role in the
 * synthesised stage may do, and answers anything else as AWS does. A permission that is missing in `stacks/` then fails what
 * the function was run for, here instead of on AWS.
 */
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Statement } from "../synthesized-stack.mjs";
import { parseCalls, type RecordedCall, type Service } from "./recorded-calls";

/** The stage's names for the local cloud's: `table/redline` for the table's ARN. */
export type Names = Record<string, string>;
export type Endpoints = Partial<Record<Service, string>>;

const MISSING_KEY = /<Code>NoSuchKey<\/Code>/;

export class Gate {
  /** The actions of each statement that something was allowed by. */
  readonly exercised = new Map<Statement, Set<string>>();
  /** `action on name`. */
  readonly refused = new Set<string>();
  private servers: Server[] = [];
  /** The addresses of the function's services. */
  readonly addresses = {} as Record<Service, string>;

  private constructor(
    private readonly statements: readonly Statement[],
    private readonly names: Names,
  ) {}

  static async open(statements: readonly Statement[], names: Names, endpoints: Endpoints): Promise<Gate> {
    const gate = new Gate(statements, names);
    for (const [service, upstream] of Object.entries(endpoints) as [Service, string][]) {
      const server = createServer((request, response) => {
        gate.pass(service, upstream, request, response).catch((error) => response.destroy(error));
      });
      server.keepAliveTimeout = 600_000;
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      gate.servers.push(server);
      const { port } = server.address() as AddressInfo;
      gate.addresses[service] = `http://127.0.0.1:${port}`;
    }
    return gate;
  }

  get env(): Record<string, string> {
    const entries = Object.entries(this.addresses);
    return Object.fromEntries(entries.map(([service, url]) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url]));
  }

  close(): void {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  private async pass(service: Service, upstream: string, incoming: IncomingMessage, outgoing: ServerResponse) {
    const body = await buffer(incoming);
    const { method = "GET", headers } = incoming;
    const url = new URL(incoming.url ?? "/", upstream);
    const calls = parseCalls(service, { method, url, target: String(headers["x-amz-target"] ?? ""), body });
    const denied = calls?.filter((one) => !this.allows(one)) ?? [
      { action: `${method} ${url.pathname}`, resource: service },
    ];
    for (const { action, resource } of denied) this.refused.add(`${action} on ${resource}`);
    if (denied.length > 0) return deny(service, denied, outgoing);
    await new Promise<void>((resolve, reject) => {
      const sent = forward(url, { method, headers }, async (response) => {
        const content = await buffer(response);
        // S3 tells that an object is missing only to who may list them.
        const bucket = /^bucket\/[^/]+/.exec(calls?.[0]?.resource ?? "")?.[0];
        if (response.statusCode === 404 && bucket && MISSING_KEY.test(content.toString())) {
          const listing = { action: "s3:ListBucket", resource: bucket };
          if (!this.allows(listing)) {
            deny(service, [listing], outgoing);
            return resolve();
          }
        }
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        outgoing.end(content);
        resolve();
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }

  private allows({ action, resource }: RecordedCall): boolean {
    const arn = this.toArn(resource);
    const grant = this.statements.find(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" && Action.includes(action) && Resource.some((pattern) => fits(pattern, arn)),
    );
    if (grant) this.exercised.set(grant, (this.exercised.get(grant) ?? new Set()).add(action));
    return grant !== undefined;
  }

  /** Replaces the longest known name at the beginning by its ARN and keeps the rest (an index, a key). */
  private toArn(resource: string): string {
    const name = Object.keys(this.names)
      .filter((each) => resource === each || resource.startsWith(`${each}/`))
      .sort((a, b) => b.length - a.length)[0];
    return name === undefined ? resource : this.names[name] + resource.slice(name.length);
  }
}

function fits(pattern: string, arn: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "s").test(arn);
}

function deny(service: Service, denied: RecordedCall[], outgoing: ServerResponse): void {
  const message = `Not authorized: ${denied.map(({ action, resource }) => `${action} on ${resource}`).join(", ")}`;
  if (service === "s3") {
    outgoing.writeHead(403, { "content-type": "application/xml" });
    outgoing.end(`<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
    return;
  }
  const status = service === "lambda" || service === "cloudwatch" ? 403 : 400;
  outgoing.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" });
  outgoing.end(JSON.stringify({ __type: "AccessDeniedException", message }));
}
