/** Measures how soon a reply stops on cancellation by another process, and the memory of a hundred concurrent replies. */
import { localOwner } from "@redline/core/auth/index";
import { stopReply } from "@redline/core/replies/index";
import { readStream, startAnswering } from "./answering";
import { atLeast, atMost, type Figure, median, rounded } from "./figure";
import { commandOf, family, weightOf } from "./processes";

const FIRST_PORT = 4061;
const STOPS = 100;
const STOPS_AT_ONCE = 10;
const AT_ONCE = 100;

export async function run(): Promise<Figure[]> {
  const answering = await startAnswering(FIRST_PORT);
  const { model, product, ask } = answering;
  try {
    model.script(() => ({ text: "on and on ".repeat(5_000), chunkChars: 10, delayMs: 20 }));
    const delays: number[] = [];
    while (delays.length < STOPS) {
      delays.push(...(await Promise.all(Array.from({ length: STOPS_AT_ONCE }, async () => stopOne()))));
    }
    model.script((call) => {
      const mark = /mark-\d+/.exec(call.lastText)?.[0] ?? "none";
      return { text: `${mark} `.repeat(400), chunkChars: 8, delayMs: 20 };
    });
    const asked = [];
    for (let at = 0; at < AT_ONCE; at++) asked.push(await ask(`Say mark-${at}`));
    const web = family(product.process.pid ?? 0).find((pid) => commandOf(pid).includes("redline-web")) ?? 0;
    let heaviestMb = 0;
    const scale = setInterval(() => {
      heaviestMb = Math.max(heaviestMb, weightOf([web]).rssMb);
    }, 250);
    const whole = await Promise.all(
      asked.map(async (each, at) => {
        let words = "";
        await readStream(product.url, each, (text) => {
          words += text;
        });
        return words === `mark-${at} `.repeat(400);
      }),
    );
    clearInterval(scale);
    return [
      atMost({
        bench: "answers",
        name: `the slowest of ${STOPS} stops asked for in another process (median ${rounded(median(delays) / 1_000)})`,
        value: rounded(Math.max(...delays) / 1_000),
        unit: "s",
        goal: 2,
      }),
      atLeast({
        bench: "answers",
        name: `of ${AT_ONCE} answers at once, whole and unmixed`,
        value: whole.filter(Boolean).length,
        unit: "",
        goal: AT_ONCE,
      }),
      atMost({
        bench: "answers",
        name: `server memory while it writes ${AT_ONCE} (RSS)`,
        value: rounded(heaviestMb, 0),
        unit: "MB",
        goal: 300,
      }),
    ];

    async function stopOne(): Promise<number> {
      const each = await ask("Go on for ever.");
      let words = 0;
      let askedMs = 0;
      await readStream(product.url, each, () => {
        words += 1;
        if (words === 3) {
          askedMs = performance.now();
          void stopReply(localOwner(), each.at);
        }
      });
      return performance.now() - askedMs;
    }
  } finally {
    await answering.end();
  }
}
