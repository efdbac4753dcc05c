import type { CommandSpec, OptionSpec } from "../commands/command";

/** Completions for fish. */
export function fishScript(specs: readonly CommandSpec[], rules: readonly string[]): string {
  const lines = ["# fish completion for redline", "complete -c redline -f"];
  for (const spec of specs) {
    lines.push(`complete -c redline -n __fish_use_subcommand -a ${spec.name} -d ${quote(spec.summary)}`);
    const here = `complete -c redline -n ${quote(`__fish_seen_subcommand_from ${spec.name}`)}`;
    for (const [name, option] of Object.entries(spec.options ?? {})) {
      lines.push(`${here} -l ${name}${valuesOf(option)} -d ${quote(option.description)}`);
    }
    lines.push(`${here} -l help -d 'Show help'`);
    if (spec.completes === "file") lines.push(`${here} -F`);
    if (spec.completes === "revision") lines.push(`${here} -a ${REVISIONS}`);
    if (spec.completes === "rule") lines.push(`${here} -a ${quote(rules.join(" "))}`);
    if (spec.completes === "shell") lines.push(`${here} -a 'bash zsh fish'`);
  }
  return `${lines.join("\n")}\n`;
}

const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const REVISIONS = quote('(git for-each-ref --format="%(refname:short)" refs/heads refs/remotes refs/tags 2>/dev/null)');

function valuesOf({ value, choices, completes }: OptionSpec): string {
  if (!value) return "";
  if (choices) return ` -x -a ${quote(choices.join(" "))}`;
  if (completes === "file") return " -r -F";
  if (completes !== "revision") return " -x";
  return ` -x -a ${REVISIONS}`;
}
