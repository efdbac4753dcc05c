/** `redline rules`. */
import { RULES } from "@redline/core/reviewers/index";
import { languageLabel, languages, type RuleDoc } from "@redline/core/reviewers/schema";
import { CommandFailure } from "../failure";
import { counted } from "../formats/summary";
import { colorsFor, type Io, write } from "../terminal";
import type { Arguments } from "./command";

export async function run({ values }: Arguments, io: Io): Promise<number> {
  const language = typeof values.language === "string" ? languageId(values.language) : undefined;
  const rules = RULES.filter(
    (rule) =>
      (language === undefined || rule.languages.includes("*") || rule.languages.includes(language)) &&
      (values.severity === undefined || rule.severity === values.severity),
  );
  await write(io.stdout, values.format === "json" ? `${JSON.stringify(rules, null, 2)}\n` : table(rules, io));
  return 0;
}

function languageId(name: string): string {
  const wanted = name.toLowerCase();
  const found = languages.find(
    ({ id, label, extensions }) => id === wanted || label.toLowerCase() === wanted || extensions.includes(wanted),
  );
  if (!found) throw new CommandFailure(`"${name}" is not a language here.`);
  return found.id;
}

function table(rules: readonly RuleDoc[], io: Io): string {
  const colors = colorsFor(io.stdout, io.env);
  const width = Math.max(0, ...rules.map(({ id }) => id.length));
  const lines = rules.map(({ id, severity, title, safety, languages: ids }) => {
    const fix = safety === undefined ? " " : safety === "safe" ? "s" : "f";
    const where = ids.includes("*") ? "any text" : ids.map(languageLabel).join(", ");
    return `${colors.cyan(id.padEnd(width))}  ${severity.padEnd(8)}  ${fix}  ${title} ${colors.dim(`(${where})`)}`;
  });
  return `${[...lines, "", `${counted(rules.length, "rule")}; s: has a safe fix, f: has a fix to review first.`].join("\n")}\n`;
}
