/** The rules for code that does not run, whichever engine says so. */
import type { RuleDoc } from "../schema";
import type { EngineInfo } from "./engine";
import { describeRules } from "./rule-docs";
import { redline } from "./vendors";

/** Returns the rules for the languages that engines can tell it of. */
export function codeErrorRules(engines: readonly EngineInfo[]): RuleDoc[] {
  const parsed = engines.filter(({ input }) => input === "source").flatMap(({ languages }) => languages);
  const strict = engines.flatMap(({ earlyErrorLanguages = [] }) => earlyErrorLanguages);
  const once = (languages: string[]) => [...new Set(languages)];
  return [
    ...describeRules(
      redline.id,
      ["python", "javascript", "jsx", "json", "css", "typescript", "tsx"],
      [
        {
          id: "other-dialect",
          severity: "minor",
          title: "A dialect that is not read",
          why: "The file is written in a dialect or version of its language that the engines do not know (Python 2, Flow, JSON with comments, a template), so only what any text can hold was looked for.",
          bad: 'print "total"\n',
          good: 'print("total")\n',
        },
      ],
    ),
    ...describeRules(redline.id, once(parsed), [
      {
        id: "parse-error",
        severity: "critical",
        title: "The file does not parse",
        why: "The language's grammar does not allow what is here, so the file cannot run or be built. Other rules wait until it parses.",
        bad: "export const total = (1 + ;\n",
        good: "export const total = 1;\n",
      },
    ]),
    ...describeRules(redline.id, once(strict), [
      {
        id: "early-error",
        severity: "critical",
        title: "The code is refused before it runs",
        why: "The grammar allows what is here, but no engine does: a name that is declared or exported twice, `break` outside of a loop, `return` outside of a function. The whole file is refused when it is loaded.",
        bad: "export const total = 1;\nexport const total = 2;\n",
        good: "export const total = 1;\n",
      },
    ]),
  ];
}
