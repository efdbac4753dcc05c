/** Measures how long interrupted work takes to resume, from the moment the restarted product serves requests. */
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { startModelServer } from "../support/model-server";
import { answerFromNow, beginWork, untilItEnds, untilItGoesOn, type WentOn } from "../support/work-under-way";
import { atMost, type Figure, median, rounded } from "./figure";

const ROUNDS = Number(process.env.REDLINE_BENCH_ROUNDS ?? 3);
const WAYS = { SIGTERM: "stop", "kill -9": "kill" } as const;
const KINDS: Record<keyof WentOn, string> = {
  builtin: "a built-in review",
  byModel: "a review by a model",
  reply: "a reply, until it is shown as interrupted",
};

export async function run(): Promise<Figure[]> {
  const model = await startModelServer();
  const figures: Figure[] = [];
  for (const [way, end] of Object.entries(WAYS)) {
    const rounds: WentOn[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const dataDir = newDataDir();
      const env = model.env("openai");
      const before = await startProduct({ dataDir, env });
      const work = await beginWork(before.url, model);
      await before[end]();
      answerFromNow(model);
      const epochMs = Date.now();
      const after = await startProduct({ dataDir, env });
      rounds.push(await untilItGoesOn(after.url, model, work, { epochMs, servingMs: performance.now() }));
      await untilItEnds(after.url, work);
      await after.stop();
      removeDataDir(dataDir);
    }
    for (const [kind, words] of Object.entries(KINDS) as [keyof WentOn, string][]) {
      const value = rounded(median(rounds.map((each) => each[kind])) / 1000, 2);
      figures.push(atMost({ bench: "restart", name: `${words}, after ${way}`, value, unit: "s", goal: 3 }));
    }
  }
  await model.stop();
  return figures;
}
