/** Measures the memory of each process after many reviewed sessions and a minute of idling. */
import { setTimeout as sleep } from "node:timers/promises";
import { newDataDir, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, rounded } from "./figure";
import { commandOf, family, weightOf } from "./processes";
import { reviewedSession, sampleCode } from "./requests";

/** About as many sessions as one user accumulates; `REDLINE_BENCH_SESSIONS` lowers it for debugging. */
const SESSIONS = Number(process.env.REDLINE_BENCH_SESSIONS ?? 300);
const REST_MS = 60_000;
const GOAL_MB = 200;

/** Files of three languages, different for each session, as a text is not reviewed 300 times. */
function filesOf(session: number): { name: string; text: string }[] {
  const mark = `session${session}`;
  return [
    { name: "orders.ts", text: sampleCode(60, 2).replaceAll("total", mark) },
    { name: "view.tsx", text: `export const View = (props: any) => <a href="#">{props.${mark} == null}</a>;\n` },
    { name: "style.css", text: `.${mark} { color: red; color: blue; }\n`.repeat(50) },
    { name: "main.py", text: `import os\n\ndef ${mark}(a=[]):\n    if a == None:\n        return 1\n\n`.repeat(20) },
  ];
}

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  const pid = product.process.pid ?? 0;
  for (let session = 0; session < SESSIONS; session++) {
    const path = await reviewedSession(product.url, ...filesOf(session));
    await untilDone(product.url + path);
  }
  const hot = weightOf(family(pid));
  await sleep(REST_MS);
  const rested = weightOf(family(pid));
  const each = family(pid).map((member) => ({ name: nameOf(member), ...weightOf([member]) }));
  await product.stop();
  removeDataDir(dataDir);
  const figure = (name: string, value: number, goal: number) =>
    atMost({ bench: "memory", name, value: rounded(value, 0), unit: "MB", goal });
  return [
    figure(`in all 60 s after ${SESSIONS} reviewed sessions`, rested.usedMb, GOAL_MB),
    ...each.map(({ name, privateMb }) => figure(`of it the ${name}'s alone`, privateMb, GOAL_MB)),
    figure("of it shared, as Node's own code", rested.usedMb - rested.privateMb, GOAL_MB),
    figure("in all right after the last review", hot.usedMb, 2 * GOAL_MB),
  ];
}

/** The page shows findings as they come; here the whole review is meant. */
async function untilDone(session: string): Promise<void> {
  for (;;) {
    const { review } = (await (await fetch(`${session}/export.json`)).json()) as { review: { status: string } | null };
    if (review?.status === "done") return;
    if (review?.status === "failed") throw new Error("A review failed.");
    await sleep(50);
  }
}

const nameOf = (pid: number) => /redline-(\w+)/.exec(commandOf(pid))?.[1] ?? "launcher";
