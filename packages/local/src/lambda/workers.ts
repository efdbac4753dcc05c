/**
 * The workers: the process that runs the product's functions on the laptop.
 *
 * Takes the addresses of the cloud from `AWS_ENDPOINT_URL_*`, the names of what it works with from `SST_RESOURCE_*`, and
 * the port of its Invoke API from `REDLINE_LAMBDA_PORT` (0 or nothing: a free one). Prints one line
 * `{"ready":true,"lambda":url}`. Ends with the launcher; on SIGTERM it finishes what runs, within seconds.
 */
import { fileURLToPath } from "node:url";
import { surviveRejections } from "../http/unhandled-rejections";
import { exitWithParent } from "../launcher/exit-with-parent";
import { collectAtRest } from "../rest";
import { productFunctions } from "./functions";
import { fromBundles, fromSources } from "./load";
import { startWorkers } from "./start";

function linkedResource<T>(name: string): T {
  const value = process.env[`SST_RESOURCE_${name}`];
  if (value === undefined) throw new Error(`SST_RESOURCE_${name} is not set; the workers are started by the launcher.`);
  return JSON.parse(value) as T;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const load = import.meta.url.endsWith(".ts")
  ? fromSources(here("../../../functions/src"))
  : fromBundles(here("../functions"));

exitWithParent();
collectAtRest();
surviveRejections("workers");
const { AWS_ENDPOINT_URL_DYNAMODB = "", AWS_ENDPOINT_URL_S3 = "", AWS_ENDPOINT_URL_SQS = "" } = process.env;
const { AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch } = process.env;
const reviewQueue = linkedResource<{ url: string }>("ReviewQueue").url.split("/").pop() ?? "";
const workers = await startWorkers({
  functions: productFunctions({ review: reviewQueue }),
  load,
  endpoints: { dynamodb: AWS_ENDPOINT_URL_DYNAMODB, s3: AWS_ENDPOINT_URL_S3, sqs: AWS_ENDPOINT_URL_SQS, cloudwatch },
  bucket: linkedResource<{ name: string }>("Blobs").name,
  table: linkedResource<{ name: string }>("Table").name,
  port: Number(process.env.REDLINE_LAMBDA_PORT ?? 0),
  // Functions that call functions find them here.
  onListening: (url) => {
    process.env.AWS_ENDPOINT_URL_LAMBDA = url;
  },
});

const end = () => void workers.close().finally(() => process.exit());
process.once("SIGTERM", end).once("SIGINT", end);
process.stdout.write(`${JSON.stringify({ ready: true, lambda: workers.url })}\n`);
