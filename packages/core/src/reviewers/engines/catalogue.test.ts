import { describe, expect, it } from "vitest";
import { applyEdits } from "../../text/index";
import { verifyFixes } from "../fix-verification";
import { Inspector, limitReport } from "../inspect";
import { languages as known } from "../languages/registry";
import type { RuleDoc, SourceFile } from "../schema";
import { RULES } from "./catalogue";
import { engines } from "./registry";

const inspector = new Inspector();

function example({ languages }: RuleDoc, text: string): SourceFile {
  const language = languages[0] === "*" ? "text" : (languages[0] ?? "text");
  return { path: `example.${language}`, language, text };
}

async function review(file: SourceFile) {
  return limitReport(await inspector.inspect(file, { fixes: true }));
}

describe("the rule catalogue", () => {
  it("names each rule once, for languages that exist", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, languages } of RULES) {
      for (const language of languages)
        expect(language === "*" || known.some((each) => each.id === language), `${id}: ${language}`).toBe(true);
    }
  });

  it("begins the id of each rule with its engine's vendor", () => {
    for (const { vendor, rules } of engines) {
      expect(rules.filter(({ id }) => !id.startsWith(`${vendor.id}/`)).map(({ id }) => id)).toEqual([]);
    }
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s finds its bad example and nothing in the good one",
    async (id, rule) => {
      const bad = await review(example(rule, rule.bad));
      expect([...new Set(bad.problems.map((problem) => problem.rule))]).toEqual([id]);
      const good = await review(example(rule, rule.good));
      expect(good.problems.map(({ title }) => title)).toEqual([]);
    },
  );

  const withFix = RULES.filter(({ safety }) => safety);
  it.each(withFix.map((rule) => [rule.id, rule] as const))(
    "%s has a proven fix that leaves its example clean",
    async (_, rule) => {
      const file = example(rule, rule.bad);
      const report = await review(file);
      const fixes = report.problems.filter(({ fix }) => fix);
      expect(fixes[0]?.fix?.safety).toBe(rule.safety);
      const proof = await verifyFixes(inspector, file, report, async () => {});
      expect(proof).toEqual({ proven: fixes.map(({ identity }) => identity), rejected: [] });
      let text = file.text;
      for (let round = 0; round < report.problems.length; round++) {
        const fix = (await review({ ...file, text })).problems.find((problem) => problem.fix)?.fix;
        if (fix) text = applyEdits(text, fix.edits);
      }
      expect((await review({ ...file, text })).problems).toEqual([]);
    },
  );
});
