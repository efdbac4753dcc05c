/**
 * Measures the delay that Redline adds to each token of an answer: from the model's server to the first byte on the
 * wire, against the raw stream of the same server, side by side.
 */
import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { TEST_MODEL } from "../support/model-server/index";
import { type Answering, readStream, startAnswering } from "./answering";
import { atMost, type Figure, median, rounded } from "./figure";

const FIRST_PORT = 4051;
const ROUNDS = 6;
const TOKENS = 150;
const BETWEEN_MS = 20;
/** The words by which the server knows our requests from the raw ones. */
const OURS = "Say when.";

export async function run(): Promise<Figure[]> {
  const answering = await startAnswering(FIRST_PORT);
  answering.model.script(() => ({ chunks: whenSent(), delayMs: BETWEEN_MS }));
  const added: number[] = [];
  const raw: number[] = [];
  try {
    // The first round is slower: the code is not yet compiled for speed.
    for (let round = 0; round <= ROUNDS; round++) {
      const [ours, theirs] = await Promise.all([throughRedline(answering), straight(answering)]);
      if (round === 0) continue;
      raw.push(...theirs);
      added.push(...ours.map((delay, at) => delay - (theirs[at] ?? 0)));
    }
  } finally {
    await answering.end();
  }
  return [
    atMost({
      bench: "added-delay",
      name: `a token's way to the wire, p95 (median ${rounded(median(added))}, raw stream ${rounded(median(raw))})`,
      value: rounded(percentile(added, 0.95)),
      unit: "ms",
      goal: 5,
    }),
  ];
}

/** A chunk that says when it is put on the wire, which is when it becomes JSON. */
class WhenSent extends String {
  toJSON(): string {
    return `${performance.now().toFixed(3)} `;
  }
}

const whenSent = (): string[] => Array.from({ length: TOKENS }, () => new WhenSent("0.000 ") as unknown as string);

const delayOf = (text: string, atMs: number): number => atMs - Number(text);

async function throughRedline({ product, ask }: Answering): Promise<number[]> {
  const delays: number[] = [];
  await readStream(product.url, await ask(OURS), (text, atMs) => delays.push(delayOf(text, atMs)));
  return delays;
}

async function straight({ model }: Answering): Promise<number[]> {
  const client = new BedrockRuntimeClient({ endpoint: model.urls.bedrock, region: "us-east-1" });
  const messages = [{ role: "user" as const, content: [{ text: "Say when." }] }];
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: TEST_MODEL, messages }));
  const delays: number[] = [];
  for await (const event of stream ?? []) {
    const text = event.contentBlockDelta?.delta?.text;
    if (text !== undefined) delays.push(delayOf(text, performance.now()));
  }
  client.destroy();
  return delays;
}

function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
