/** Throws in core, in this process or, with `thread`, in a thread of it: what a stack trace names is under test. */
import { Worker } from "node:worker_threads";
import { requireKnownMethod } from "@redline/core/platform/http-request";

if (process.argv[2] === "thread") new Worker(new URL(import.meta.url), { argv: [] });
else requireKnownMethod("TRACE");
