/** Requests a second of the home page with a person's sessions on one process, against an empty Remix page, in turns. */
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atLeast, type Figure, median, rounded } from "./figure";
import { requestsPerSecond, reviewedSession, sampleCode, untilServing } from "./requests";
import { buildEmptyRemix, end, startEmptyRemix, startProductWithCloud, startWeb } from "./servers";

const ROUNDS = 5;
const OURS = 3951;
const EMPTY = 3952;
const SESSIONS = 12;

export async function run(): Promise<Figure[]> {
  buildEmptyRemix();
  const dataDir = newDataDir();
  const { product, cloud } = await startProductWithCloud(dataDir, EMPTY + 1);
  for (let at = 0; at < SESSIONS; at++) {
    await reviewedSession(product.url, { name: `orders${at}.ts`, text: sampleCode(1 + (at % 3)) });
  }
  const servers = [startWeb(OURS, cloud), startEmptyRemix(EMPTY)];
  await Promise.all([OURS, EMPTY].map((port) => untilServing(address(port), performance.now())));
  // The first rounds are slower: the code is not yet compiled for speed.
  for (const port of [OURS, EMPTY]) await requestsPerSecond(address(port));
  const rounds: { ours: number; empty: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ ours: await requestsPerSecond(address(OURS)), empty: await requestsPerSecond(address(EMPTY)) });
  }
  for (const server of servers) await end(server);
  await product.stop();
  removeDataDir(dataDir);
  const [ours, empty] = [median(rounds.map((round) => round.ours)), median(rounds.map((round) => round.empty))];
  return [
    atLeast({
      bench: "home",
      name: `requests a second with ${SESSIONS} sessions (${rounded(ours, 0)} against ${rounded(empty, 0)})`,
      value: rounded(median(rounds.map((round) => round.ours / round.empty))),
      unit: "",
      goal: 0.65,
      ratio_to: "empty Remix page",
    }),
  ];
}

const address = (port: number) => `http://127.0.0.1:${port}/`;
