/**
 * The reviewer's worker with an engine of our own in place of the product's, for tests of what bounds an engine: it does
 * what the first word of a harmless text asks. Reports carry the number of files that this worker has checked in the line
 * of a parse error. No product bundle holds it.
 */
import { parentPort } from "node:worker_threads";
import { LIMITS } from "../limits";
import type { Engine } from "./engines/engine";
import { Inspector } from "./inspect";
import { serveReviews } from "./serve";

/** The language that the engine reads. */
const SCRIPTED = "scripted";

let checked = 0;
const kept: ArrayBuffer[] = [];

const acts: Record<string, () => void> = {
  hang() {
    for (;;);
  },
  throw() {
    throw new Error("an engine's own words");
  },
  descend() {
    const down = (depth: number): number => down(depth + 1) + 1;
    down(0);
  },
  grow() {
    kept.push(new ArrayBuffer(LIMITS.review.recycleMb * 1024 * 1024));
  },
  die() {
    process.exit(3);
  },
};

const engine: Engine = {
  ...{
    id: "scripted",
    vendor: { id: "scripted", label: "Scripted" },
    languages: [SCRIPTED],
    rules: [],
    input: "source",
  },
  async prepare() {},
  check({ text }) {
    checked++;
    acts[text.split(/\s/, 1)[0] ?? ""]?.();
    return { findings: [], parseErrors: [{ message: `file ${checked} of this worker`, start: 0, end: 1 }] };
  },
};

if (!parentPort) throw new Error("The scripted worker only runs as a worker thread.");
serveReviews(parentPort, new Inspector([engine]));
