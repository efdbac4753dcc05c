/** Stands between the product and the laptop's cloud and counts what AWS would bill. */
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Cloud } from "@redline/local/cloud";
import { signedHeaders } from "@redline/local/credentials";
import { type ExplainedRequest, inWords } from "./explain";

/** Those whose requests AWS bills to the product. */
type Endpoints = Pick<Cloud["endpoints"], "dynamodb" | "s3" | "sqs">;

export type Metered = {
  readUnits: number;
  writeUnits: number;
  /** Requests of the kinds S3 bills as PUT and as GET. */
  s3Writes: number;
  s3Reads: number;
  s3BytesWritten: number;
  sqsRequests: number;
  /** For requests to DynamoDB, S3 and SQS, one after the other: those that went side by side are waited for once. */
  waits: number;
  /** The engines' processor time, by which they are billed, as they wait for nothing. */
  checks: { calls: number; ms: number };
  /** Request by request. */
  requests: ExplainedRequest[];
};

const nothing = (): Metered => ({
  ...{ readUnits: 0, writeUnits: 0, s3Writes: 0, s3Reads: 0, s3BytesWritten: 0, sqsRequests: 0, waits: 0 },
  checks: { calls: 0, ms: 0 },
  requests: [],
});

type Consumed = { CapacityUnits?: number };
type Exchange = {
  method: string;
  target: string;
  sent: Buffer;
  responseBody: Buffer;
  responseHeaders: IncomingHttpHeaders;
  ms: number;
};
type Sent = { body: Buffer; headers: IncomingHttpHeaders };
type Edit = (sent: Sent) => Sent;

const SQS_REQUEST_BYTES = 64 * 1024;
const READS = /\.(Get|Query|BatchGet|TransactGet|Scan)/;
/** DescribeTable and its like consume nothing and do not know the parameter. */
const CONSUMES = /\.(Get|Query|Scan|Put|Update|Delete)Item$|\.(Query|Scan|Batch\w+|Transact\w+)$/;

export class Meter {
  private taken = nothing();
  private readonly waiting = { requests: 0, sinceMs: 0, busyMs: 0, sumMs: 0, count: 0 };

  /** Returns the counts since the last call. */
  take(): Metered {
    const taken = this.taken;
    this.taken = nothing();
    const { busyMs, sumMs, count } = this.waiting;
    Object.assign(this.waiting, { busyMs: 0, sumMs: 0, count: 0 });
    taken.waits = sumMs > 0 ? (count * busyMs) / sumMs : 0;
    return taken;
  }

  /** Addresses to use in place of the given ones. */
  async around({ dynamodb, s3, sqs }: Endpoints, check: string): Promise<Endpoints & { lambda: string }> {
    return {
      dynamodb: await between(dynamodb, (exchange) => this.countTable(exchange), askForUnits, this.waitFor),
      s3: await between(s3, (exchange) => this.countBlobs(exchange), undefined, this.waitFor),
      sqs: await between(sqs, (exchange) => this.countQueue(exchange), undefined, this.waitFor),
      lambda: await between(check, ({ sent, responseHeaders }) => {
        const ms = Number(responseHeaders["x-cpu-ms"]);
        this.taken.checks.calls += 1;
        this.taken.checks.ms += ms;
        const { verb } = JSON.parse(sent.toString()) as { verb: string };
        this.taken.requests.push({ what: `engines: ${verb}`, readUnits: 0, writeUnits: 0, bytes: sent.length, ms });
      }),
    };
  }

  /** Called when a request begins; what it gives, when it ends. */
  private readonly waitFor = (): (() => void) => {
    const startedAt = performance.now();
    if (this.waiting.requests === 0) this.waiting.sinceMs = startedAt;
    this.waiting.requests += 1;
    return () => {
      const now = performance.now();
      this.waiting.requests -= 1;
      this.waiting.count += 1;
      this.waiting.sumMs += now - startedAt;
      if (this.waiting.requests === 0) this.waiting.busyMs += now - this.waiting.sinceMs;
    };
  };

  private countTable({ target, sent, responseBody, ms }: Exchange): void {
    const { ConsumedCapacity } = JSON.parse(responseBody.toString() || "{}") as {
      ConsumedCapacity?: Consumed | Consumed[];
    };
    const units = [ConsumedCapacity ?? []].flat().reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
    const isRead = READS.test(target);
    if (isRead) this.taken.readUnits += units;
    else this.taken.writeUnits += units;
    const said = inWords(target, JSON.parse(sent.toString() || "{}"));
    this.taken.requests.push({ ...said, readUnits: isRead ? units : 0, writeUnits: isRead ? 0 : units, ms });
  }

  private countBlobs({ method, target, sent, ms }: Exchange): void {
    const isListing = method === "GET" && /[?&](list-type|versions|prefix)/.test(target);
    if (method === "PUT" || method === "POST" || isListing) this.taken.s3Writes += 1;
    // Deleting is free.
    else if (method !== "DELETE") this.taken.s3Reads += 1;
    if (method === "PUT") this.taken.s3BytesWritten += sent.length;
    this.taken.requests.push({ what: `blobs: ${method}`, readUnits: 0, writeUnits: 0, bytes: sent.length, ms });
  }

  private countQueue({ sent, ms }: Exchange): void {
    this.taken.sqsRequests += Math.max(1, Math.ceil(sent.length / SQS_REQUEST_BYTES));
    this.taken.requests.push({ what: "queues", readUnits: 0, writeUnits: 0, bytes: sent.length, ms });
  }
}

/** Puts the question into the request on its way, and signs that as the product signed its own. */
const askForUnits: Edit = ({ body, headers }) => {
  if (!CONSUMES.test(String(headers["x-amz-target"]))) return { body, headers };
  const asking = JSON.stringify({ ...JSON.parse(body.toString()), ReturnConsumedCapacity: "TOTAL" });
  const amazons = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"));
  const signed = signedHeaders({
    ...{ service: "dynamodb", method: "POST", url: `http://${headers.host}/`, body: asking },
    headers: Object.fromEntries(amazons.map(([name, value]) => [name, String(value)])),
  });
  return { body: Buffer.from(asking), headers: { ...headers, ...signed } };
};

/** Listens on a port of its own, passes everything on and tells of each exchange. */
async function between(
  to: string,
  count: (exchange: Exchange) => void,
  edit: Edit = (sent) => sent,
  begin: () => () => void = () => () => {},
): Promise<string> {
  const { port } = new URL(to);
  const server = createServer(async (request, response) => {
    const startedAt = performance.now();
    const end = begin();
    const edited = edit({ body: await buffer(request), headers: request.headers });
    const sent = edited.body;
    const { "transfer-encoding": _, ...headers } = edited.headers;
    const passed = httpRequest({
      ...{ host: "127.0.0.1", port, method: request.method, path: request.url },
      headers: { ...headers, "content-length": sent.length },
    });
    passed.end(sent);
    const [upstream] = await once(passed, "response");
    const responseBody = await buffer(upstream);
    end();
    const target = String(request.headers["x-amz-target"] ?? request.url);
    count({
      method: request.method ?? "",
      target,
      sent,
      responseBody: responseBody,
      responseHeaders: upstream.headers,
      ms: performance.now() - startedAt,
    });
    response.writeHead(upstream.statusCode, upstream.headers).end(responseBody);
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
