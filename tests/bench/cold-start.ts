/** From a process's start to its first page: our bundled server against an empty Remix server, in turns. */
import type { ChildProcess } from "node:child_process";
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { untilServing } from "./requests";
import { buildEmptyRemix, end, startEmptyRemix, startProductWithCloud, startWeb } from "./servers";

const ROUNDS = 9;
const PORT = 3931;

export async function run(): Promise<Figure[]> {
  buildEmptyRemix();
  const dataDir = newDataDir();
  const { product, cloud } = await startProductWithCloud(dataDir, PORT + 1);
  const oursMs: number[] = [];
  const emptyMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    emptyMs.push(await firstPageMs(() => startEmptyRemix(PORT)));
    oursMs.push(await firstPageMs(() => startWeb(PORT, cloud)));
  }
  await product.stop();
  removeDataDir(dataDir);
  const [ours, empty] = [median(oursMs), median(emptyMs)];
  return [
    atMost({
      bench: "cold-start",
      name: `start to first page (${rounded(ours, 0)} ms against ${rounded(empty, 0)} ms)`,
      value: rounded(ours / empty),
      unit: "",
      goal: 1.6,
      ratio_to: "empty Remix server",
    }),
  ];
}

async function firstPageMs(start: () => ChildProcess): Promise<number> {
  const startedAt = performance.now();
  const server = start();
  const tookMs = await untilServing(`http://127.0.0.1:${PORT}/`, startedAt);
  await end(server);
  return tookMs;
}
