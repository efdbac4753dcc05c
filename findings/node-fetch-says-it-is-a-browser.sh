#!/usr/bin/env bash
# Guess: the Sec-Fetch-* headers are a browser's alone (scripts in pages cannot set them), so a local server tells pages
# from programs by any of them. Seen with undici 6.21.3, which is Node's own fetch: it sends `sec-fetch-mode: cors` with
# every request, from a program, and neither Sec-Fetch-Site nor Origin. A server that refuses whatever has a Sec-Fetch
# header refuses every Node client; only Sec-Fetch-Site (and Origin) tell a browser.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@6.21.3
cat >see.mjs <<'JS'
import { createServer } from "node:http";
import { fetch } from "undici";
const server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const headers = await (await fetch(`http://127.0.0.1:${server.address().port}`, { method: "POST", body: "{}" })).json();
server.close();
const sent = Object.keys(headers).filter((name) => /^(sec-fetch-|origin)/.test(name));
console.log("sent by a program:", sent.map((name) => `${name}: ${headers[name]}`).join(", "));
process.exit(sent.join() === "sec-fetch-mode" && headers["sec-fetch-mode"] === "cors" ? 0 : 1);
JS
node see.mjs
