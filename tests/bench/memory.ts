/** Measures the memory of each process: at rest, and a minute after many sessions were made or reviewed. */
import { setTimeout as sleep } from "node:timers/promises";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "../e2e/support/product";
import { atMost, type Figure, rounded } from "./figure";
import { commandOf, family, proportionalMb, weightOf } from "./processes";
import { newSession, reviewedSession, sampleCode } from "./requests";

/** About as many sessions as one user accumulates; `REDLINE_BENCH_SESSIONS` lowers it for debugging. */
const SESSIONS = Number(process.env.REDLINE_BENCH_SESSIONS ?? 300);
/** Sessions that are made without waiting for their reviews, by four clients. */
const MADE = SESSIONS * 10;
const CLIENTS = 4;
const SETTLE_MS = 20_000;
const REST_MS = 60_000;
const AT_REST_GOAL_MB = 80;
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
  return [...(await afterReviews()), ...(await afterMaking())];
}

async function afterReviews(): Promise<Figure[]> {
  return withProduct(async (product) => {
    const pid = product.process.pid ?? 0;
    await sleep(SETTLE_MS);
    const start = figure("at rest, proportional", proportionalMb(family(pid)), AT_REST_GOAL_MB);
    for (let session = 0; session < SESSIONS; session++) {
      const path = await reviewedSession(product.url, ...filesOf(session));
      await untilDone(product.url + path);
    }
    const hot = weightOf(family(pid));
    await sleep(REST_MS);
    return [
      start,
      ...rested(`60 s after ${SESSIONS} reviewed sessions`, pid),
      figure("in all right after the last review", hot.usedMb, 2 * GOAL_MB),
    ];
  });
}

async function afterMaking(): Promise<Figure[]> {
  return withProduct(async (product) => {
    let last = "";
    let made = 0;
    const make = async () => {
      while (made < MADE) {
        made += 1;
        last = await newSession(product.url, {
          name: "orders.ts",
          text: sampleCode(10, 2).replaceAll("total", `n${made}x`),
        });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, make));
    // The reviews come in the order of the sessions: the last one ends with the work.
    await untilDone(product.url + last);
    await sleep(REST_MS);
    return rested(`60 s after ${MADE} sessions were made and reviewed`, product.process.pid ?? 0);
  });
}

async function withProduct<Result>(measure: (product: RunningProduct) => Promise<Result>): Promise<Result> {
  const dataDir = newDataDir();
  const product = await startProduct({ dataDir });
  try {
    return await measure(product);
  } finally {
    await product.stop();
    removeDataDir(dataDir);
  }
}

const figure = (name: string, value: number, goal: number): Figure =>
  atMost({ bench: "memory", name, value: rounded(value, 0), unit: "MB", goal });

/** All of it, and the share of each process. */
function rested(when: string, pid: number): Figure[] {
  const all = weightOf(family(pid));
  const each = family(pid).map((member) => ({ name: nameOf(member), ...weightOf([member]) }));
  return [
    figure(`in all ${when}`, all.usedMb, GOAL_MB),
    ...each.map(({ name, privateMb }) => figure(`of it the ${name}'s alone`, privateMb, GOAL_MB)),
    figure("of it shared, as Node's own code", all.usedMb - all.privateMb, GOAL_MB),
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
