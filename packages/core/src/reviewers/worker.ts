/** The reviewer's worker thread, with the engines of the product. */
import "./wasm-tier";

import { parentPort } from "node:worker_threads";
import { Inspector } from "./inspect";
import { serveReviews } from "./serve";

if (!parentPort) throw new Error("The reviewer's worker only runs as a worker thread.");
serveReviews(parentPort, new Inspector());
