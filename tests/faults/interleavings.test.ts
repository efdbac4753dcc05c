import { applyChange, rejectChange, restoreVersion, saveFiles, undoVersion } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, listVersions, readFile } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { merge } from "@redline/core/text/index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../support/product";

const product = withProduct();
const RUNS = process.env.REDLINE_LONG ? 2_000 : 60;
const LINES = 12;
const START = Array.from({ length: LINES }, (_, line) => `line ${line}\n`).join("");

/** Two windows, each typing on the version it last saw, and everything a reviewer does between. */
const step = fc.oneof(
  fc.record({
    do: fc.constant("save" as const),
    window: fc.integer({ min: 0, max: 1 }),
    line: fc.integer({ min: 0, max: LINES - 1 }),
    text: fc.constantFrom("alpha\n", "beta\n", "", "two\nlines\n"),
    again: fc.boolean(),
  }),
  fc.record({ do: fc.constant("look" as const), window: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ do: fc.constant("undo" as const), back: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant("restore" as const), back: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant("reject" as const), back: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant("reapply" as const), back: fc.integer({ min: 0, max: 3 }) }),
);

/** The invariant: the texts of all versions so far, and the change that made each. */
type Model = { texts: string[]; changes: string[] };

const textOfLine = (text: string, line: number, replacement: string) => {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (line >= lines.length) return text + replacement;
  return lines.map((each, at) => (at === line ? replacement : each)).join("");
};

describe("F2: random interleavings of review operations", () => {
  it(`${RUNS} runs keep to the model: applied, conflict or refused, and history only grows`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), runAgainstModel), {
      numRuns: RUNS,
      verbose: 1,
    });
  });
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function runAgainstModel(steps: Step[]): Promise<void> {
  const { actor } = product;
  const { codebaseId } = await pasteSession(actor, { "a.txt": START });
  const model: Model = { texts: [START], changes: [""] };
  const windows = [
    { base: 1, text: START },
    { base: 1, text: START },
  ];
  const headText = () => model.texts.at(-1) ?? "";

  /** The outcome that the merge of what was there says there must be. */
  const expectMerge = (
    base: string,
    mine: string,
    outcome: { outcome: string; version?: number },
    changeId: string,
  ) => {
    const result = headText() === base ? { clean: true as const, text: mine } : merge(base, mine, headText());
    if (!result.clean) return expect(outcome).toMatchObject({ outcome: "conflict", version: model.texts.length });
    if (result.text !== headText()) {
      model.texts.push(result.text);
      model.changes.push(changeId);
    }
    expect(outcome).toMatchObject({ outcome: "applied", version: model.texts.length });
  };

  for (const each of steps) {
    const version = "back" in each ? Math.max(1, model.texts.length - each.back) : 1;
    const changeId = newChangeId();
    if (each.do === "look") {
      windows[each.window] = { base: model.texts.length, text: headText() };
    } else if (each.do === "save") {
      const window = windows[each.window];
      if (!window) continue;
      const mine = textOfLine(window.text, each.line, each.text);
      const request = { codebaseId, base: window.base, changeId, files: [{ path: "a.txt", text: mine }] };
      const outcome = await saveFiles(actor, request);
      expectMerge(model.texts[window.base - 1] ?? "", mine, outcome, changeId);
      if (each.again && outcome.outcome === "applied") expect(await saveFiles(actor, request)).toMatchObject(outcome);
      if (outcome.outcome === "applied") windows[each.window] = { base: model.texts.length, text: headText() };
    } else if (each.do === "undo") {
      if (version === 1) {
        await expect(undoVersion(actor, { codebaseId, version, changeId })).rejects.toBeInstanceOf(AppError);
      } else {
        const outcome = await undoVersion(actor, { codebaseId, version, changeId });
        expectMerge(model.texts[version - 1] ?? "", model.texts[version - 2] ?? "", outcome, changeId);
      }
    } else if (each.do === "restore") {
      const outcome = await restoreVersion(actor, { codebaseId, version, changeId });
      expectMerge(headText(), model.texts[version - 1] ?? "", outcome, changeId);
    } else {
      const settled = model.changes[version - 1];
      if (!settled) continue;
      if (each.do === "reapply") {
        expect(await applyChange(actor, { codebaseId, changeId: settled })).toMatchObject({
          outcome: "applied",
          version,
        });
      } else {
        await expect(rejectChange(actor, { codebaseId, changeId: settled })).rejects.toMatchObject({
          code: "ALREADY_APPLIED",
        });
      }
    }
  }

  expect((await getCodebase(actor, { id: codebaseId })).number).toBe(model.texts.length);
  expect((await listVersions(actor, { codebaseId })).versions).toHaveLength(model.texts.length);
  for (const [at, text] of model.texts.entries()) {
    expect((await readFile(actor, { codebaseId, path: "a.txt", version: at + 1 })).text).toBe(text);
  }
}
