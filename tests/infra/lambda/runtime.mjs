/**
 * A Lambda execution environment's inside: loads the handler, asks the runtime API for the next event, answers it. The
 * API's address and the handler come by the variables that AWS sets (AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER).
 */
import { once } from "node:events";
import { request as open } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { AWS_LAMBDA_RUNTIME_API: api = "", LAMBDA_TASK_ROOT: root = "", _HANDLER: name = "" } = process.env;
const base = `http://${api}/2018-06-01/runtime`;
const STREAMING = Symbol("streams its answer");
/** Ends what a streaming handler says of its response before the body. */
const PRELUDE_END = Buffer.alloc(8);

/** Globals that AWS's own runtime defines for functions that stream. */
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (/** @type {Function} */ handler) => Object.assign(handler, { [STREAMING]: true }),
    HttpResponseStream: {
      /**
       * As AWS's own does it: what is said of the response goes out with the first `write`, and is lost without one.
       * @param {import("node:http").ClientRequest} stream @param {object} about
       */
      from(stream, about) {
        stream.setHeader("content-type", "application/vnd.awslambda.http-integration-response");
        const write = stream.write.bind(stream);
        stream.write = (/** @type {unknown[]} */ ...first) => {
          stream.write = write;
          write(JSON.stringify(about));
          write(PRELUDE_END);
          return write(.../** @type {[string]} */ (first));
        };
        return stream;
      },
    },
  },
});

/** Some work is due only after days. */
const later = Number(process.env.STAND_IN_LATER_MS ?? 0);
if (later > 0) {
  const { Date: Now } = globalThis;
  class Later extends Now {
    /** @param {any[]} given */
    constructor(...given) {
      super(.../** @type {[number]} */ (given.length > 0 ? given : [Now.now() + later]));
    }
  }
  Later.now = () => Now.now() + later;
  globalThis.Date = /** @type {DateConstructor} */ (Later);
}

const [file = "", exported = ""] = name.split(".");
const startedAt = performance.now();
const loaded = await load();
await fetch(`${base}/ready`, { method: "POST", body: String(performance.now() - startedAt) });
for (;;) await answerNext();

async function load() {
  for (const extension of ["mjs", "js"]) {
    try {
      return (await import(pathToFileURL(join(root, `${file}.${extension}`)).href))[exported];
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
    }
  }
  throw new Error(`No ${name} in ${root}`);
}

async function answerNext() {
  const next = await fetch(`${base}/invocation/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id") ?? "";
  const trace = next.headers.get("lambda-runtime-trace-id");
  if (trace) process.env._X_AMZN_TRACE_ID = trace;
  const event = await next.json();
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => 60_000,
  };
  try {
    if (loaded[STREAMING]) await stream(id, event, context);
    else {
      const body = JSON.stringify((await loaded(event, context)) ?? null);
      await fetch(`${base}/invocation/${id}/response`, { method: "POST", body });
    }
  } catch (error) {
    const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error(String(error));
    const body = JSON.stringify({ errorType, errorMessage });
    await fetch(`${base}/invocation/${id}/error`, { method: "POST", body });
  }
}

/** @param {string} id @param {unknown} event @param {object} context */
async function stream(id, event, context) {
  const sent = open(`${base}/invocation/${id}/response`, {
    method: "POST",
    headers: { "lambda-runtime-function-response-mode": "streaming", "transfer-encoding": "chunked" },
  });
  const answered = once(sent, "response");
  await loaded(event, sent, context);
  if (!sent.writableEnded) sent.end();
  await answered;
}
