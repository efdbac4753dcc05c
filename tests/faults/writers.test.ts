import { saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, listVersions, readFile, readVersion } from "@redline/core/codebases/index";
import { commitStats } from "@redline/core/codebases/internal";
import type { Version } from "@redline/core/codebases/schema";
import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../support/product";

const product = withProduct();
const WRITERS = 50;
const EDITS = process.env.REDLINE_LONG ? 40 : 8;

/** One block a writer, apart from its neighbours, so that no two writers' edits can conflict. */
const block = (writer: number, value: string) => `begin ${writer}\nvalue ${value}\nend ${writer}\n\n`;
const textOf = (values: readonly string[]) => values.map((value, writer) => block(writer, value)).join("");

describe(`F1: 50 writers, ${EDITS} edits each, on one codebase`, () => {
  it("concurrent writers lose no acknowledged edit and show no unacknowledged one, in at most 3 attempts per commit", async () => {
    const { actor } = product;
    const start = textOf(Array.from({ length: WRITERS }, () => "0"));
    const { codebaseId } = await pasteSession(actor, { "shared.txt": start });
    const before = { ...commitStats };
    const acknowledged: { writer: number; value: string; version: number }[] = [];

    const write = async (writer: number) => {
      let base = 1;
      let text = start;
      for (let edit = 1; edit <= EDITS; edit += 1) {
        const value = `${writer}.${edit}`;
        const mine = text.replace(new RegExp(`begin ${writer}\\nvalue [^\\n]*`), `begin ${writer}\nvalue ${value}`);
        const files = [{ path: "shared.txt", text: mine }];
        const outcome = await saveFiles(actor, { codebaseId, base, changeId: newChangeId(), files });
        if (outcome.outcome !== "applied") throw new Error(`writer ${writer} got ${outcome.outcome}`);
        acknowledged.push({ writer, value, version: outcome.version });
        // As a window does: types on, on what its save became.
        base = outcome.version;
        text = outcome.merged ? (await readFile(actor, { codebaseId, path: "shared.txt", version: base })).text : mine;
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));

    expect(acknowledged).toHaveLength(WRITERS * EDITS);
    const { number } = await getCodebase(actor, { id: codebaseId });
    expect(number).toBe(1 + WRITERS * EDITS);
    const versions: Version[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await listVersions(actor, { codebaseId, cursor });
      versions.push(...page.versions);
      cursor = page.nextCursor;
    }
    expect(new Set(versions.map((version) => version.number)).size).toBe(number);
    const head = await readFile(actor, { codebaseId, path: "shared.txt" });
    expect(head.text).toBe(textOf(Array.from({ length: WRITERS }, (_, writer) => `${writer}.${EDITS}`)));
    for (const { writer, value, version } of acknowledged.filter((_, at) => at % 20 === 0)) {
      const { text } = await readFile(actor, { codebaseId, path: "shared.txt", version });
      expect(text, `version ${version}`).toContain(`begin ${writer}\nvalue ${value}\n`);
    }
    const commits = commitStats.commits - before.commits;
    const attempts = commitStats.attempts - before.attempts;
    expect(attempts / commits).toBeLessThanOrEqual(3);
    expect((await readVersion(actor, { codebaseId, version: number })).tree).toHaveLength(1);
  });
});
