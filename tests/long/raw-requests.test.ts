/** F13: raw HTTP of any shape against the built product: no process ends, nothing is rejected unseen, each status is right. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "../e2e/support/product";
import { exchange, faultOf } from "../support/fuzz/exchange";
import { drawRequest, type Target } from "../support/fuzz/http-requests";
import { drawing } from "../support/fuzz/random";
import { testSeed } from "../support/seed";

const COUNT = 10_000;
const AT_ONCE = 4 * availableParallelism();
const SECRET = "the operator's secret";

/** The processes of the product, as long as they are the same ones. */
function processesOf({ process: { pid } }: RunningProduct): string {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
}

async function signedIn(port: number): Promise<string> {
  const response = await fetch(`http://localhost:${port}/auth/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ secret: SECRET, to: "/" }),
    headers: { origin: `http://localhost:${port}` },
    redirect: "manual",
  });
  expect(response.status).toBe(302);
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
}

/** The same requests at each run; `REDLINE_SEED` draws others. */
const DEFAULT_SEEDS: Record<string, number> = { off: 311048731, on: 1587197637 };

describe.each(["off", "on"])("F13: 10,000 requests of any shape with REDLINE_AUTH=%s", (auth) => {
  let dataDir = "";
  let product: RunningProduct;
  beforeAll(async () => {
    dataDir = newDataDir();
    const env = { REDLINE_AUTH: auth, SST_RESOURCE_OperatorSecret: JSON.stringify({ value: SECRET }) };
    product = await startProduct({ dataDir, env });
  });
  afterAll(async () => {
    await product?.stop();
    removeDataDir(dataDir);
  });

  it("malformed requests stop no process, get the right status, and cause no server error", async () => {
    const port = Number(new URL(product.url).port);
    const before = process.platform === "linux" ? processesOf(product) : "";
    const target: Target = { host: `localhost:${port}`, ...(auth === "on" && { cookie: await signedIn(port) }) };
    const seed = testSeed(DEFAULT_SEEDS[auth] ?? 1);
    process.stdout.write(`raw requests with REDLINE_AUTH=${auth}: REDLINE_SEED=${seed}\n`);
    const faults: string[] = [];
    let next = 0;
    const ask = async () => {
      for (let at = next++; at < COUNT; at = next++) {
        const draw = drawing(seed + at);
        const request = drawRequest(draw, target);
        const fault = faultOf(request, await exchange(port, request, draw), auth === "on");
        if (fault) faults.push(`${at}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    expect({ seed, count: faults.length, faults: faults.slice(0, 10) }).toEqual({ seed, count: 0, faults: [] });
    if (process.platform === "linux") expect(processesOf(product)).toBe(before);
    const { pathname } = new URL((await fetch(product.url, { headers: { accept: "text/html" } })).url);
    expect(pathname).toBe(auth === "on" ? "/auth/sign-in" : "/");
    expect(product.output()).not.toMatch(/process ended|"level":"ERROR"|rejection unhandled|\n\s+at /);
  });
});
