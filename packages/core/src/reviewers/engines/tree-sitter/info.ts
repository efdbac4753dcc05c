import type { RuleDoc } from "../../schema";
import type { EngineInfo } from "../engine";
import { describeRules } from "../rule-docs";
import { redline } from "../vendors";
import { grammarLanguages } from "./grammar-languages";

const loud = grammarLanguages.filter(({ brackets, refusesValid }) => brackets && !refusesValid).map(({ id }) => id);

const unknownSyntax = describeRules(redline.id, loud, [
  {
    id: "unknown-syntax",
    severity: "minor",
    confidence: "low",
    title: "Not in the grammar that Redline has for this language",
    why: "It is an error, or of a version or dialect of the language that the grammar doesn't have yet. The rules were applied to the rest of the file only.",
    bad: "package shop\n\nfunc total() int {\n\treturn := 2\n}\n",
    good: "package shop\n\nfunc total() int {\n\treturn 1 + 2\n}\n",
  },
]);

export const treeSitterInfo = {
  id: "tree-sitter",
  vendor: redline,
  languages: grammarLanguages.map(({ id }) => id),
  rules: [
    ...unknownSyntax,
    // Without what finds them: the server and the rules page have no use for it.
    ...grammarLanguages.flatMap(({ id, rules }): RuleDoc[] =>
      describeRules(
        `${redline.id}/${id}`,
        [id],
        rules.map(({ query: _, when: __, ...entry }) => entry),
      ),
    ),
  ],
  input: "source",
} as const satisfies EngineInfo;
