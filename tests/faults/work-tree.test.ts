import { expect, it } from "vitest";
import { SyncEngine } from "../../packages/cli/src/sync/engine";
import type { StoredKnowledge } from "../../packages/cli/src/sync/known";
import { Random } from "../support/random";
import { testSeed } from "../support/seed";
import { Killed, WorkTreeModel } from "./support/work-tree-model";

const RUNS = process.env.REDLINE_LONG ? 1_000 : 100;
const SYNCS = 12;
const FIRST = testSeed(1_204_121);

it(`a work tree and a session lose and overwrite nothing, whatever happens between any two steps (from seed ${FIRST})`, async () => {
  const kinds = new Set<string>();
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    await interleave(seed, kinds).catch((error) => {
      throw Object.assign(error, { message: `seed ${seed}: ${error.message}` });
    });
  }
  expect([...kinds].sort()).toEqual(["clean", "conflict", "head", "killed", "left", "merged", "written"]);
});

async function interleave(seed: number, kinds: Set<string>): Promise<void> {
  const random = new Random(seed);
  const model = new WorkTreeModel(random, random.between(1, 12));
  let kept: StoredKnowledge | undefined;
  const open = () =>
    new SyncEngine(model, model, model.say, (knowledge) => {
      kept = structuredClone(knowledge);
    });
  let engine = open();
  model.isQuiet = true;
  const state = await model.read([]);
  const files = state.files.map(({ head: after, disk: _, ...file }) => ({ ...file, after }));
  engine.begin(model.create(files), state, files);
  model.isQuiet = false;
  const again = async () => {
    kinds.add("killed");
    engine = open();
    if (kept) await engine.resume(kept);
  };
  const unlessKilled = async (run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await unlessKilled(again);
    }
  };
  for (let at = 0; at < SYNCS; at++) await unlessKilled(() => engine.sync());
  model.isQuiet = true;
  await engine.sync();
  const { version } = model;
  const disk = new Map(model.disk);
  expect(model.unlike).toEqual([]);
  await engine.sync();
  // What it wrote itself is no edit.
  expect([model.version, model.disk]).toEqual([version, disk]);
  for (const event of model.events) kinds.add(event.kind === "written" && event.isMerged ? "merged" : event.kind);
}
