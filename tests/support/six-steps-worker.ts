/**
 * Works on some six-step jobs at once, in a process of its own, so that it can be killed: `six-steps-worker.ts <file>
 * <jobs as JSON>`. A job stops for good at its `stopAt`: `d<n>` in step n, when what it does is done but not stored, `b<n>`
 * when the steps before n are stored. Each time a step is done a line goes to the file.
 */
import { appendFileSync } from "node:fs";
import { sixSteps } from "./six-steps";

type Job = { sessionId: string; id: string; userId: string; stopAt?: string };
const [file = "", jobs = "[]"] = process.argv.slice(2);
const list = JSON.parse(jobs) as Job[];

async function stopHere(id: string, place: string): Promise<void> {
  if (list.find((job) => job.id === id)?.stopAt !== place) return;
  process.stdout.write(`stopped ${id}\n`);
  await new Promise(() => undefined);
}

const work = sixSteps({
  async during(id, step) {
    appendFileSync(file, `${id} ${step}\n`);
    await stopHere(id, `d${step}`);
  },
  between: (id, step) => stopHere(id, `b${step}`),
});
await Promise.all(
  list.map(async (job) => {
    await work.perform(job);
    process.stdout.write(`ended ${job.id}\n`);
  }),
);
process.exit(0);
