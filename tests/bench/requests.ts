/** Requests of the benchmarks to a running product, as sent by a browser without JavaScript. */
import { setTimeout as sleep } from "node:timers/promises";
import autocannon from "autocannon";
import { ulid } from "ulid";

const PATIENCE_MS = 60_000;

/** Polls until the address answers with success. Returns how long that took. */
export async function untilServing(url: string, startedAt: number): Promise<number> {
  for (;;) {
    const isServing = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    const tookMs = performance.now() - startedAt;
    if (isServing) return tookMs;
    if (tookMs > PATIENCE_MS) throw new Error(`${url} does not serve.`);
    await sleep(5);
  }
}

const SECONDS = 3;
const CONNECTIONS = 10;

/** Closed loop: ten connections, each asking again when it was answered. Rejects when any answer is an error. */
export async function requestsPerSecond(url: string): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests to ${url} failed.`);
  return requests.average;
}

/** Makes a session of files. Returns the path of its page. */
export async function newSession(origin: string, ...files: { name: string; text: string }[]): Promise<string> {
  const form = new FormData();
  form.set("key", ulid());
  form.set("name", files[0]?.name ?? "");
  for (const file of files) form.append("files", new Blob([file.text]), file.name);
  const made = await fetch(`${origin}/sessions/new`, {
    method: "POST",
    body: form,
    headers: { origin },
    redirect: "manual",
  });
  await made.arrayBuffer();
  const path = made.headers.get("location");
  if (made.status !== 302 || !path) throw new Error(`A session could not be made: ${made.status}`);
  return path;
}

/** Makes a session of files and waits for its review to be over. Returns the path of its page. */
export async function reviewedSession(origin: string, ...files: { name: string; text: string }[]): Promise<string> {
  const path = await newSession(origin, ...files);
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const page = await (await fetch(`${origin}${path}`)).text();
    if (/\bfindings?\b/i.test(page) && !/Reading \d+ files?/.test(page)) return path;
    await sleep(250);
  }
  throw new Error("The review did not end.");
}

/** TypeScript of the kind that people write; every function has something to find, or one of `oneIn`. */
export function sampleCode(functions: number, oneIn = 1): string {
  const block = (index: number) => {
    const isFlawed = index % oneIn === 0;
    return `export function total${index}(prices: number[], discount: ${isFlawed ? "any" : "number"}) {
  let sum = 0;
  for (${isFlawed ? "var" : "let"} i = 0; i < prices.length; i++) {
    if (prices[i] ${isFlawed ? "== null" : "=== undefined"}) continue;
    sum += prices[i];
  }
  return sum * (1 - discount);
}
`;
  };
  return Array.from({ length: functions }, (_, index) => block(index)).join("\n");
}
