import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { withProduct } from "../../../../../tests/support/product";
import { getCodebase, readFile } from "../../codebases/index";
import { allHunkLines, diffLines, linesIn, type SelectedLines, splitLines, toRanges } from "../../text/index";
import { acceptLines, createDifference, listDecisions, rejectLines, undoDecision } from "../index";
import { newDecisionId } from "./schema";

const product = withProduct();

/** Two texts without equal lines, so that there is one way to compare them: kept, removed and added lines by turns. */
const texts = fc
  .array(fc.constantFrom("kept", "kept", "removed", "added"), { minLength: 1, maxLength: 16 })
  .map((kinds) => {
    const numbered = kinds.map((kind, at) => ({ kind, line: `${kind} ${at}\n` }));
    const without = (other: string) => numbered.filter(({ kind }) => kind !== other).map(({ line }) => line);
    return { before: without("added").join(""), after: without("removed").join("") };
  })
  .filter(({ before, after }) => before !== after);

const steps = fc.array(
  fc.record({
    verb: fc.constantFrom("accept", "reject", "undo"),
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 6 },
);

/** Each hunk line by line: its i-th line of the base, if it stays, then its i-th line of the head, if it is taken. */
function compose(before: string, after: string, isTaken: (line: string) => boolean): string {
  const [old, now] = [splitLines(before), splitLines(after)];
  const lines: string[] = [];
  let at = 0;
  for (const { aStart, aEnd, bStart, bEnd } of diffLines(before, after)) {
    lines.push(...old.slice(at, aStart));
    for (let pair = 0; pair < Math.max(aEnd - aStart, bEnd - bStart); pair++) {
      lines.push(
        ...old
          .slice(aStart, aEnd)
          .slice(pair, pair + 1)
          .filter((line) => !isTaken(line)),
      );
      lines.push(
        ...now
          .slice(bStart, bEnd)
          .slice(pair, pair + 1)
          .filter(isTaken),
      );
    }
    at = aEnd;
  }
  return [...lines, ...old.slice(at)].join("");
}

it("leave, in any order, the head with what was not rejected and the staged text with what was accepted", async () => {
  const { actor } = product;
  await fc.assert(
    fc.asyncProperty(texts, steps, async ({ before, after }, chosen) => {
      const content = { kind: "files" as const, files: [{ path: "a.txt", before, after }] };
      const source = { kind: "folders" as const, from: "old", to: "new" };
      const { id: sessionId, codebaseId } = await createDifference(actor, { key: randomUUID(), source, content });
      const decided = new Map<string, { verb: string; number: number }>();
      for (const { verb, picks } of chosen) {
        const { number: version, tree } = await getCodebase(actor, { id: codebaseId });
        const head = tree.length === 0 ? "" : (await readFile(actor, { codebaseId, path: "a.txt" })).text;
        const about = { sessionId, path: "a.txt", version, id: newDecisionId() };
        if (verb === "undo") {
          const numbers = [...new Set([...decided.values()].map(({ number }) => number))];
          const number = numbers[(picks[0] ?? 0) % Math.max(1, numbers.length)];
          if (number === undefined) continue;
          await undoDecision(actor, { sessionId, id: newDecisionId(), number });
          for (const [line, each] of decided) if (each.number === number) decided.delete(line);
          continue;
        }
        const [old, now] = [splitLines(before), splitLines(head)];
        const hunks = allHunkLines(diffLines(before, head));
        const all = hunks.flatMap(({ removed, added }) => [
          ...linesIn(removed).map((number) => ({ side: "removed" as const, number, text: old[number - 1] ?? "" })),
          ...linesIn(added).map((number) => ({ side: "added" as const, number, text: now[number - 1] ?? "" })),
        ]);
        // Lines on which something was decided are left alone: what an undo of one of two decisions leaves is told elsewhere.
        const open = all.filter(({ text }) => !decided.has(text));
        const picked = new Set(picks.flatMap((pick) => open[pick % Math.max(1, open.length)] ?? []));
        if (picked.size === 0) continue;
        const side = (name: keyof SelectedLines) =>
          toRanges([...picked].filter((each) => each.side === name).map(({ number }) => number));
        const lines = { removed: side("removed"), added: side("added") };
        const decide = verb === "accept" ? acceptLines : rejectLines;
        const { number } = await decide(actor, { ...about, lines });
        for (const { text } of picked) decided.set(text, { verb, number });
      }
      const { tree } = await getCodebase(actor, { id: codebaseId });
      const head = tree.length === 0 ? "" : (await readFile(actor, { codebaseId, path: "a.txt" })).text;
      const { stage } = await listDecisions(actor, { sessionId });
      const isVerb = (verb: string) => (line: string) => decided.get(line)?.verb === verb;
      const isRejected = isVerb("reject");
      expect(head).toBe(compose(before, after, (line) => !isRejected(line)));
      if (stage.length > 0) expect(stage[0]?.text).toBe(compose(before, head, isVerb("accept")));
      else expect([...decided.values()].some(({ verb }) => verb === "accept")).toBe(false);
    }),
    { numRuns: 12 },
  );
});

/** A block of replaced lines, and of some of its pairs, as diffs number them, every line with its verb, in any order. */
const block = fc
  .record({ old: fc.integer({ min: 1, max: 4 }), now: fc.integer({ min: 1, max: 4 }) })
  .chain(({ old, now }) => {
    const verbs = fc.array(fc.constantFrom("accept", "reject", "none"), {
      minLength: Math.max(old, now),
      maxLength: Math.max(old, now),
    });
    return verbs.chain((each) => {
      const lines = each.flatMap((verb, pair) => [
        ...(verb !== "none" && pair < old ? [{ verb, text: `old ${pair}\n` }] : []),
        ...(verb !== "none" && pair < now ? [{ verb, text: `new ${pair}\n` }] : []),
      ]);
      const order = fc.shuffledSubarray(lines, { minLength: lines.length });
      return fc.record({ old: fc.constant(old), now: fc.constant(now), verbs: fc.constant(each), order });
    });
  });

/** Once both added lines are gone, the head alone no longer tells what the removed ones were paired with. */
const addedFirst = {
  ...{ old: 3, now: 3, verbs: ["reject", "reject", "none"] },
  order: ["new 0\n", "new 1\n", "old 1\n", "old 0\n"].map((text) => ({ verb: "reject", text })),
};

it("swap exactly the decided pairs of a block of replaced lines, line by line in any order", async () => {
  const { actor } = product;
  await fc.assert(
    fc.asyncProperty(block, async ({ old, now, verbs, order }) => {
      const text = (isNew: (verb: string) => boolean) =>
        verbs.flatMap((verb, pair) => {
          const count = isNew(verb) ? now : old;
          return pair < count ? [`${isNew(verb) ? "new" : "old"} ${pair}\n`] : [];
        });
      const inside = (lines: string[]) => ["top\n", ...lines, "end\n"].join("");
      const [before, after] = [inside(text(() => false)), inside(text(() => true))];
      const content = { kind: "files" as const, files: [{ path: "a.txt", before, after }] };
      const source = { kind: "folders" as const, from: "old", to: "new" };
      const { id: sessionId, codebaseId } = await createDifference(actor, { key: randomUUID(), source, content });
      const head = async () => (await readFile(actor, { codebaseId, path: "a.txt" })).text;
      for (const { verb, text: line } of order) {
        const { number: version } = await getCodebase(actor, { id: codebaseId });
        const isOld = line.startsWith("old");
        const at = splitLines(isOld ? before : await head()).indexOf(line) + 1;
        const range = [{ first: at, last: at }];
        const lines = { removed: isOld ? range : [], added: isOld ? [] : range };
        const decide = verb === "accept" ? acceptLines : rejectLines;
        await decide(actor, { sessionId, path: "a.txt", version, id: newDecisionId(), lines });
      }
      expect(await head()).toBe(inside(text((verb) => verb !== "reject")));
      const { stage } = await listDecisions(actor, { sessionId });
      const isAnyAccepted = order.some(({ verb }) => verb === "accept");
      expect(stage[0]?.text).toBe(isAnyAccepted ? inside(text((verb) => verb === "accept")) : undefined);
    }),
    { numRuns: 20, examples: [[addedFirst]] },
  );
});
