/**
 * Stands between a function and the local cloud, which knows no permissions: lets through what the function's role in the
 * synthesised stage may do, and answers anything else as AWS does. A leave that is missing in `stacks/` then fails what
 * the function was run for, here instead of on AWS.
 */
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Statement } from "../world.mjs";
import { type Asked, askedFor, type Service } from "./asked";

/** What in the stage stands for a name of the local cloud: `table/redline` for the table's ARN. */
export type Names = Record<string, string>;
export type Endpoints = Partial<Record<Service, string>>;

const MISSING_KEY = /<Code>NoSuchKey<\/Code>/;

export class Gate {
  /** The actions of each statement that something was allowed by. */
  readonly exercised = new Map<Statement, Set<string>>();
  /** `action on name`. */
  readonly refused = new Set<string>();
  private servers: Server[] = [];
  /** Where the function finds its services. */
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
    const asked = askedFor(service, { method, url, target: String(headers["x-amz-target"] ?? ""), body });
    const denied = asked?.filter((one) => !this.allows(one)) ?? [{ action: `${method} ${url.pathname}`, on: service }];
    for (const { action, on } of denied) this.refused.add(`${action} on ${on}`);
    if (denied.length > 0) return deny(service, denied, outgoing);
    await new Promise<void>((resolve, reject) => {
      const sent = forward(url, { method, headers }, async (answer) => {
        const content = await buffer(answer);
        // S3 tells that an object is missing only to who may list them.
        const bucket = /^bucket\/[^/]+/.exec(asked?.[0]?.on ?? "")?.[0];
        if (answer.statusCode === 404 && bucket && MISSING_KEY.test(content.toString())) {
          const listing = { action: "s3:ListBucket", on: bucket };
          if (!this.allows(listing)) {
            deny(service, [listing], outgoing);
            return resolve();
          }
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.end(content);
        resolve();
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }

  private allows({ action, on }: Asked): boolean {
    const arn = this.arnOf(on);
    const leave = this.statements.find(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" && Action.includes(action) && Resource.some((pattern) => fits(pattern, arn)),
    );
    if (leave) this.exercised.set(leave, (this.exercised.get(leave) ?? new Set()).add(action));
    return leave !== undefined;
  }

  /** The longest name that it begins with; the rest (an index, a key) stays as it is. */
  private arnOf(on: string): string {
    const name = Object.keys(this.names)
      .filter((each) => on === each || on.startsWith(`${each}/`))
      .sort((a, b) => b.length - a.length)[0];
    return name === undefined ? on : this.names[name] + on.slice(name.length);
  }
}

function fits(pattern: string, arn: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "s").test(arn);
}

function deny(service: Service, denied: Asked[], outgoing: ServerResponse): void {
  const message = `Not authorized: ${denied.map(({ action, on }) => `${action} on ${on}`).join(", ")}`;
  if (service === "s3") {
    outgoing.writeHead(403, { "content-type": "application/xml" });
    outgoing.end(`<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
    return;
  }
  const status = service === "lambda" || service === "cloudwatch" ? 403 : 400;
  outgoing.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" });
  outgoing.end(JSON.stringify({ __type: "AccessDeniedException", message }));
}
