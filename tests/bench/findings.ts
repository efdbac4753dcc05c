/**
 * Reviews a checkout with the built-in reviewer and draws findings evenly by rule and language into a sheet, to be read
 * by a person one by one:
 *   npm run bench:findings -- --dir DIR [--draw 60] [--seed 1] [--link https://…/blob/COMMIT] [--out SHEET.md]
 * The sheet goes to standard output without `--out`. The same seed draws the same findings.
 */
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { drawEvenly } from "./findings/draw";
import { reviewFolder } from "./findings/review";
import { sheet } from "./findings/sheet";

const USAGE =
  "usage: npm run bench:findings -- --dir DIR [--draw COUNT] [--seed SEED] [--link ADDRESS] [--out SHEET.md]";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      draw: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      link: { type: "string" },
      out: { type: "string" },
    },
  });
  const [count, seed] = [Number(values.draw), Number(values.seed)];
  if (!values.dir || !existsSync(values.dir) || !Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
    fail(USAGE);
  }
  const review = await reviewFolder(values.dir);
  const drawn = drawEvenly(review.findings, count, seed);
  const text = sheet(review, drawn, { dir: values.dir, seed, ...(values.link && { link: values.link }) });
  if (values.out) writeFileSync(values.out, text);
  else process.stdout.write(text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

await main();
