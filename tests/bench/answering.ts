/** A running product whose model is a server of this process, with questions asked of it and their streams read. */
import { get } from "node:http";
import { localOwner } from "@redline/core/auth/index";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { newDataDir, type RunningProduct, removeDataDir } from "../e2e/support/product";
import { ask, type PendingReply } from "../support/conversation";
import { type ModelServer, startModelServer } from "../support/model-server/index";
import { pasteSession } from "../support/product";
import { startProductWithCloud } from "./servers";

export type Answering = {
  model: ModelServer;
  product: RunningProduct;
  /** Asks a question in a thread of its own; some threads share a session. */
  ask(text: string): Promise<PendingReply>;
  end(): Promise<void>;
};

/** The maximum number of threads in a session. */
const THREADS_IN_SESSION = 40;

/** Takes four ports from `firstPort` on. */
export async function startAnswering(firstPort: number): Promise<Answering> {
  const model = await startModelServer();
  Object.assign(process.env, model.env("bedrock"));
  const dataDir = newDataDir();
  const { product, cloud } = await startProductWithCloud(dataDir, firstPort);
  Object.assign(process.env, resourceEnv(cloud, "bench"));
  const actor = localOwner();
  let asked = 0;
  let session = await pasteSession(actor, { "a.ts": "export const one = 1;\n" });
  return {
    model,
    product,
    async ask(text) {
      asked += 1;
      if (asked % THREADS_IN_SESSION === 0)
        session = await pasteSession(actor, { "a.ts": `export const n = ${asked};\n` });
      return ask(actor, session, { text });
    },
    async end() {
      await product.stop();
      await model.stop();
      removeDataDir(dataDir);
    },
  };
}

/** Reads an answer's stream over HTTP until its end; `onText` hears of its words when their bytes arrive. */
export function readStream(
  url: string,
  { logId }: PendingReply,
  onText: (text: string, atMs: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${url}/logs/${logId}`, (response) => {
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (bytes: string) => {
        const atMs = performance.now();
        const blocks = (rest + bytes).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          const event = data === undefined ? {} : (JSON.parse(data) as { type?: string; text?: string });
          if (event.type === "text") onText(event.text ?? "", atMs);
        }
      });
      response.on("end", resolve);
      response.on("error", reject);
    }).on("error", reject);
  });
}
