/** From sending 50 files of 1,000 lines to the end of their review, as its page follows it. */
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { newSession, sampleCode } from "./requests";

const FILES = 50;
const LINES = 1_000;
const ROUNDS = 3;
/** 0.6 s a file. */
const GOAL_S = 30;

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const tookS: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const files = Array.from({ length: FILES }, (_, at) => ({
      name: `orders${at}.ts`,
      text: thousandLines(round, at),
    }));
    const startedAt = performance.now();
    const path = await newSession(product.url, ...files);
    await untilEnd(`${product.url}/logs/${path.split("/").at(-1)}.1`);
    tookS.push((performance.now() - startedAt) / 1_000);
  }
  await product.stop();
  removeDataDir(dataDir);
  const name = `${FILES} files of ${LINES} lines reviewed, median of ${ROUNDS}`;
  return [atMost({ bench: "many-files", name, value: rounded(median(tookS)), unit: "s", goal: GOAL_S })];
}

/** Different in each file, as a text is not reviewed twice; one function in ten has something to find. */
function thousandLines(round: number, at: number): string {
  const code = sampleCode(LINES / 8, 10).replaceAll("total", `sum${round}of${at}n`);
  return `${code.split("\n").slice(0, LINES).join("\n")}\n`;
}

/** Follows a review's log, also past the end of a stream that ended itself, until the review has ended. */
async function untilEnd(log: string): Promise<void> {
  for (let after = 0; ; ) {
    const text = await (await fetch(`${log}?after=${after}`)).text();
    if (text.includes("event: end")) return;
    for (const [, sequence] of text.matchAll(/^id: (\d+)$/gm)) after = Number(sequence);
  }
}
