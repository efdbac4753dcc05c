/** `redline explain`. */
import { RULES } from "@redline/core/reviewers/index";
import { languageLabel, type RuleDoc } from "@redline/core/reviewers/schema";
import { CommandFailure } from "../failure";
import { type Colors, colorsFor, type Io, write } from "../terminal";
import type { Arguments } from "./command";

export async function run({ positionals: [name] }: Arguments, io: Io): Promise<number> {
  if (name === undefined) throw new CommandFailure("Which rule?", "redline rules lists all of them.");
  const [rule, ...others] = find(name);
  if (!rule) throw new CommandFailure(`There is no rule "${name}".`, "redline rules lists all of them.");
  if (others.length > 0) {
    throw new CommandFailure(`"${name}" could be ${[rule, ...others].map(({ id }) => id).join(" or ")}.`);
  }
  await write(io.stdout, page(rule, colorsFor(io.stdout, io.env)));
  return 0;
}

function find(name: string): RuleDoc[] {
  const wanted = name.toLowerCase();
  const exact = RULES.filter(({ id }) => id.toLowerCase() === wanted);
  return exact.length > 0 ? exact : RULES.filter(({ id }) => id.toLowerCase().endsWith(`/${wanted}`));
}

function page({ id, title, why, severity, confidence, languages, safety, bad, good }: RuleDoc, colors: Colors): string {
  const fix = safety === undefined ? "none" : safety === "safe" ? "safe" : "review first";
  const where = languages.includes("*") ? "any text" : languages.map(languageLabel).join(", ");
  const code = (text: string, paint: (line: string) => string) =>
    text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => paint(`  ${line}`));
  return `${[
    `${colors.bold(title)}  ${colors.cyan(id)}`,
    "",
    why,
    "",
    `Severity ${severity}, confidence ${confidence}, fix: ${fix}. Languages: ${where}.`,
    "",
    colors.dim("Instead of"),
    ...code(bad, colors.red),
    colors.dim("write"),
    ...code(good, colors.green),
  ].join("\n")}\n`;
}
