/** The texts of `--help`. */
import type { Colors } from "../terminal";
import type { CommandSpec } from "./command";
import { SPECS } from "./specs";

export function overview(colors: Colors): string {
  const specs: CommandSpec[] = Object.values(SPECS);
  const width = Math.max(...specs.map(({ name }) => name.length));
  return [
    "Redline reviews what changed, and shows every proposal as a redline.\n",
    `${colors.bold("Usage:")} redline COMMAND [OPTIONS]\n`,
    colors.bold("Commands:"),
    ...specs.map(({ name, summary }) => `  ${colors.cyan(name.padEnd(width))}  ${summary}`),
    "",
    colors.bold("Options:"),
    "  --help     Show this, or the help of a command",
    "  --version  Show the version",
    "",
  ].join("\n");
}

export function helpOf(spec: CommandSpec, colors: Colors): string {
  const options = Object.entries(spec.options ?? {}).map(([name, { value, description, choices }]) => {
    const values = choices ? `: ${choices.join(", ")}` : "";
    return [`--${name}${value ? ` ${value}` : ""}`, `${description}${values}`] as const;
  });
  options.push(["--help", "Show this"]);
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    `${spec.summary}.\n`,
    `${colors.bold("Usage:")} redline ${[spec.name, "[OPTIONS]", spec.positionals].filter(Boolean).join(" ")}\n`,
    colors.bold("Options:"),
    ...options.map(([left, right]) => `  ${colors.cyan(left.padEnd(width))}  ${right}`),
    ...(spec.details ? ["", spec.details] : []),
    "",
  ].join("\n");
}
