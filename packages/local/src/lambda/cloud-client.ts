/**
 * The workers' client for the laptop's cloud. It doesn't use the SDK: the workers never talk to AWS, and use less memory
 * without it. The functions that they run use the SDK.
 */
import { Agent, request as httpRequest } from "node:http";
import type { DynamoDBRecord } from "aws-lambda";
import { type Service, signedHeaders } from "../credentials";

export interface CloudEndpoints {
  dynamodb: string;
  sqs: string;
  s3: string;
  /** Receives the metrics that AWS records of functions; without it, none are recorded. */
  cloudwatch?: string;
}

/** An error response of the cloud; `code` is AWS's name of it. */
export class CloudError extends Error {
  override readonly name = "CloudError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Longer than any poll. */
const RESPONSE_TIMEOUT_MS = 40_000;

export class CloudClient {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(readonly endpoints: CloudEndpoints) {}

  /** One of SQS's operations. @throws {CloudError} and errors of the connection */
  sqs<T>(operation: string, body: Record<string, unknown>, signal?: AbortSignal): Promise<T> {
    const headers = { "x-amz-target": `AmazonSQS.${operation}`, "content-type": "application/x-amz-json-1.0" };
    return this.send<T>("sqs", "POST", this.endpoints.sqs, headers, body, signal);
  }

  /**
   * Returns the table's changes since this consumer's last acknowledgement, of items that have the attribute `having`;
   * waits up to `waitMs` for one.
   */
  changes(
    consumer: string,
    { table, having, limit, waitMs }: { table?: string; having: string; limit: number; waitMs: number },
    signal?: AbortSignal,
  ): Promise<{ records: DynamoDBRecord[]; next: number }> {
    const query = new URLSearchParams({ consumer, having, limit: String(limit), waitMs: String(waitMs) });
    if (table !== undefined) query.set("table", table);
    return this.send("dynamodb", "GET", `${this.endpoints.dynamodb}/_redline/stream?${query}`, {}, undefined, signal);
  }

  /** Everything up to this number, a `next`, is done. */
  async acknowledge(consumer: string, sequence: number): Promise<void> {
    await this.send("dynamodb", "POST", `${this.endpoints.dynamodb}/_redline/stream/ack`, {}, { consumer, sequence });
  }

  close(): void {
    this.agent.destroy();
  }

  private send<T>(
    service: Service,
    method: string,
    url: string,
    described: Record<string, string>,
    data: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const body = data === undefined ? undefined : JSON.stringify(data);
      const headers = signedHeaders({ service, method, url, body, headers: described });
      const request = httpRequest(
        url,
        { method, agent: this.agent, headers, signal, timeout: RESPONSE_TIMEOUT_MS },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.once("error", reject);
          response.once("end", () => {
            try {
              const result = JSON.parse(Buffer.concat(parts).toString("utf8") || "{}");
              if (response.statusCode === 200) resolve(result);
              else reject(new CloudError(String(result.__type).split("#").pop() ?? "", String(result.message)));
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      request.once("timeout", () => request.destroy(new Error("The laptop's cloud did not respond in time.")));
      request.once("error", reject);
      request.end(body);
    });
  }
}
