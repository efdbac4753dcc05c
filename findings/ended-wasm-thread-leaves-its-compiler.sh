#!/bin/sh
# Guess: when a worker thread of Node that ran a WebAssembly engine is terminated, its memory goes back to the system; what
# stays, if anything, is a part of the engine's own linear memory.
# Seen with Node 20.20.2 on glibc 2.36 and @biomejs/wasm-nodejs 2.5.14: the engine's memory goes back, and 40 to 200 MB
# stay with the process for good. They are what V8's optimising compiler allocated in its background threads, whose malloc
# arenas outlive it: with --liftoff-only, which never optimises WebAssembly, some 10 MB stay.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @biomejs/wasm-nodejs@2.5.14
cat >main.mjs <<'END'
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

const megabytes = () => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
const before = megabytes();
for (let round = 0; round < 3; round++) {
  const worker = new Worker("./worker.mjs");
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await worker.terminate();
}
await sleep(3_000);
console.log(Math.round(megabytes() - before));
END
cat >worker.mjs <<'END'
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
const { main, Workspace } = createRequire(import.meta.url)("@biomejs/wasm-nodejs");
main();
const workspace = new Workspace();
const { projectKey } = workspace.openProject({ path: "/r", openUninitialized: true });
const content = "export function f(a: any) {\n  return a == 1;\n}\n".repeat(200);
workspace.openFile({ projectKey, path: "/r/a.ts", content: { type: "fromClient", content, version: 0 } });
const pull = { projectKey, path: "/r/a.ts", categories: ["lint"], pullCodeActions: false, includeCodeFix: false };
for (let time = 0; time < 20; time++) workspace.pullDiagnostics(pull);
parentPort.postMessage("done");
END
default=$(node main.mjs)
baseline=$(node --liftoff-only main.mjs)
echo "left behind by three ended threads: $default MB by default, $baseline MB with --liftoff-only"
[ "$default" -ge $((baseline + 20)) ] || { echo "changed: no more is left behind by default"; exit 1; }
