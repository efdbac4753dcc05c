/** The laptop's SQS in its JSON protocol: queues in memory, every change in the store before the response. */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LOCAL_ACCOUNT, refusal } from "../credentials";
import type { Faults } from "../faults";
import { readBody } from "../http/read-body";
import { createHttpServer } from "../http/server";
import type { Store } from "../store";
import { StorageUnavailable } from "../store/storage-unavailable";
import { SqsError } from "./errors";
import { listMessageMoveTasks, startMessageMoveTask } from "./move-operations";
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  purgeQueue,
  setQueueAttributes,
  unsupported,
} from "./queue-operations";
import { Queues } from "./queues";
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  receiveMessage,
} from "./receive-operations";
import { sendMessage, sendMessageBatch } from "./send-operations";
import type { Operation, Request, Result, SqsService } from "./service";

const OPERATIONS: Record<string, Operation> = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  DeleteQueue: deleteQueue,
  PurgeQueue: purgeQueue,
  SetQueueAttributes: setQueueAttributes,
  GetQueueAttributes: getQueueAttributes,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  StartMessageMoveTask: startMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
};

/** Actions that change nothing, in memory or in the store. */
const READS = new Set([
  "GetQueueUrl",
  "ListQueues",
  "GetQueueAttributes",
  "ListDeadLetterSourceQueues",
  "ListMessageMoveTasks",
]);
const LARGEST_REQUEST_BYTES = 2 * 1024 * 1024;
const KEEP_ALIVE_MS = 60_000;
const CLOSE_GRACE_MS = 1_000;

export interface SqsOptions {
  store: Store;
  /** That requests are signed with. */
  key: string;
  /** 0 takes a free one. */
  port: number;
  faults: Faults;
  /** No earlier receiver is alive: messages in flight become visible again at once. */
  isFirstStart?: boolean;
}

export interface SqsEndpoint {
  url: string;
  /** Returns the age of each queue's oldest message in whole seconds; 0 for an empty queue. */
  ages(): { queue: string; seconds: number }[];
  /** Responds to what waits for messages, then ends. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. Requests must be signed by the local access key and come from no web page. */
export async function startSqs({ store, key, port, faults, isFirstStart = false }: SqsOptions): Promise<SqsEndpoint> {
  const queues = await Queues.load(store);
  if (isFirstStart) await store.batch(queues.all().flatMap((queue) => queue.returnInFlight(Date.now())));
  const service: SqsService = { store, faults, queues, queueBase: "", moves: new Map() };
  // A call changes the memory first, and what could not be stored must not stay there.
  store.onReopened(async () => {
    const before = service.queues;
    service.queues = await Queues.load(store);
    for (const queue of before.all()) queue.wake();
  });
  const closing = new AbortController();
  const server = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    respond(service, key, request, response, closing.signal),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service.queueBase = `${url}/${LOCAL_ACCOUNT}/`;
  return {
    url,
    ages: () => service.queues.all().map((queue) => ({ queue: queue.name, seconds: queue.ageSeconds(Date.now()) })),
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(force);
    },
  };
}

async function respond(
  service: SqsService,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const operation = String(request.headers["x-amz-target"] ?? "").replace(/^AmazonSQS\./, "");
  const hungUp = new AbortController();
  response.once("close", () => hungUp.abort());
  const gone = AbortSignal.any([hungUp.signal, closing]);
  let status = 200;
  let result: Result;
  try {
    result = await perform(service, key, operation, request, gone);
  } catch (error) {
    // An aborted request is not a failure, and has no client to respond to.
    if (!request.complete) return;
    const isStorage = error instanceof StorageUnavailable;
    if (!(error instanceof SqsError || isStorage))
      process.stderr.write(`sqs: ${operation}: ${error instanceof Error ? error.stack : String(error)}\n`);
    const known = isStorage
      ? new SqsError(error.name, error.message, error.name, 503)
      : error instanceof SqsError
        ? error
        : new SqsError("InternalFailure", "Internal error", "InternalFailure", 500);
    status = known.status;
    result = { __type: `com.amazonaws.sqs#${known.code}`, message: known.message };
    response.setHeader("x-amzn-query-error", `${known.queryCode};${status < 500 ? "Sender" : "Receiver"}`);
  }
  if (hungUp.signal.aborted) return;
  const body = JSON.stringify(result);
  response.setHeader("content-type", "application/x-amz-json-1.0");
  response.setHeader("x-amzn-requestid", randomUUID());
  if (service.faults.losesResponse(response, body, "sqs", operation)) return;
  response.setHeader("content-length", Buffer.byteLength(body));
  response.writeHead(status).end(body);
}

async function perform(
  service: SqsService,
  key: string,
  operation: string,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<Result> {
  const body = await readBody(request, LARGEST_REQUEST_BYTES);
  if (!body) throw new SqsError("RequestTooLarge", "The request is too large.");
  // A browser sends an Origin with every POST, also to a name that was made to point here; with a GET it may not.
  const refused =
    request.method === "POST" ? refusal(request, body, { key, service: "sqs" }) : "Only POST is accepted here.";
  if (refused) throw new SqsError("InvalidSecurity", refused, "InvalidSecurity", 403);
  const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (!run) throw unsupported(operation);
  if (service.faults.strikes("throttle", "sqs", operation))
    throw new SqsError("RequestThrottled", "The request was denied due to request throttling.");
  await service.faults.delay("sqs", operation);
  if (service.store.unavailable && !READS.has(operation)) throw service.store.unavailable;
  return run(service, parsed(body.toString("utf8")), gone);
}

function parsed(body: string): Request {
  try {
    const request: unknown = JSON.parse(body || "{}");
    if (typeof request === "object" && request !== null) return request as Request;
  } catch {
    // Refused like any other body that is not an object.
  }
  throw new SqsError("SerializationException", "The request body is not a JSON object.");
}
