/** Requests a second of a session's page on one process, against a bare loader that makes the same reads, in turns. */
import { localOwner } from "@redline/core/auth/index";
import { openThread } from "@redline/core/threads/index";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atLeast, atMost, type Figure, median, rounded } from "./figure";
import { weightOf } from "./processes";
import { requestsPerSecond, reviewedSession, sampleCode, untilServing } from "./requests";
import { buildEmptyRemix, end, startEmptyRemix, startProductWithCloud, startWeb } from "./servers";

const ROUNDS = 5;
const OURS = 3961;
const BARE = 3962;
const FILES = 5;
const THREADS = 10;

/** A thread with a short note on one of the fixture's files. */
function openNote(sessionId: string, at: number) {
  const message = { id: newMessageId(), text: `Is this right, and why is it here? (${at + 1})`, wantsReply: false };
  const place = { path: `orders${at % FILES}.ts`, startLine: 1 + (at % 8) };
  return openThread(localOwner(), { sessionId, threadId: newThreadId(), ...place, message });
}

export async function run(): Promise<Figure[]> {
  buildEmptyRemix();
  const dataDir = newDataDir();
  const { product, cloud } = await startProductWithCloud(dataDir, BARE + 1);
  const files = Array.from({ length: FILES }, (_, at) => ({
    name: `orders${at}.ts`,
    text: sampleCode(at < 2 ? 2 : 1),
  }));
  const path = await reviewedSession(product.url, ...files);
  Object.assign(process.env, resourceEnv(cloud, "bench"));
  for (let at = 0; at < THREADS; at++) await openNote(path.replace("/sessions/", ""), at);
  const servers = [startWeb(OURS, cloud), startEmptyRemix(BARE, cloud)];
  const [web] = servers;
  const pages = {
    ours: `http://localhost:${OURS}${path}`,
    bare: `http://localhost:${BARE}${path.replace("/sessions/", "/reads/")}`,
  };
  await Promise.all(Object.values(pages).map((url) => untilServing(url, performance.now())));
  // The first rounds are slower: the code is not yet compiled for speed.
  for (const url of Object.values(pages)) await requestsPerSecond(url);
  const rounds: { ours: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ ours: await requestsPerSecond(pages.ours), bare: await requestsPerSecond(pages.bare) });
  }
  const memory = weightOf([web?.pid ?? 0]);
  for (const server of servers) await end(server);
  await product.stop();
  removeDataDir(dataDir);
  const [ours, bare] = [median(rounds.map((round) => round.ours)), median(rounds.map((round) => round.bare))];
  return [
    atLeast({
      bench: "session-page",
      name: `requests a second (${rounded(ours, 0)} against ${rounded(bare, 0)})`,
      value: rounded(median(rounds.map((round) => round.ours / round.bare))),
      unit: "",
      goal: 0.85,
      ratio_to: "a bare loader with the same reads",
    }),
    atMost({
      bench: "session-page",
      name: "server memory under load, hot (RSS)",
      value: rounded(memory.rssMb, 0),
      unit: "MB",
      goal: 300,
    }),
  ];
}
