/** The options of a command, for help, completion and the argument parser. */
import { parseArgs } from "node:util";
import { CommandFailure } from "../failure";
import type { Io } from "../terminal";

export type OptionSpec = {
  /** The placeholder of its value in help; absent for a flag. */
  value?: string;
  /** The values that it may have. */
  choices?: readonly string[];
  /** `file` and `revision` values are completed as such. */
  completes?: "file" | "revision";
  description: string;
};

export type CommandSpec = {
  name: string;
  /** One line, as the list of commands shows it. */
  summary: string;
  /** Positional arguments as usage shows them. */
  positionals?: string;
  completes?: "file" | "rule" | "shell" | "revision";
  options?: Record<string, OptionSpec>;
  /** Paragraphs below the options. */
  details?: string;
};

/** `rest` are the arguments behind `--`, which no option or revision is among. */
export type Arguments = {
  values: Record<string, string | boolean | undefined>;
  positionals: string[];
  rest: string[];
};

/** Runs a command and returns the exit code. */
export type Run = (args: Arguments, io: Io) => Promise<number>;

/** Throws CommandFailure for arguments that the command does not take. */
export function parseArguments(spec: CommandSpec, args: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(spec.options ?? {}).map(([name, { value }]) => [
      name,
      { type: value ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  const hint = `redline ${spec.name} --help lists what it takes.`;
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  let parsed: Omit<Arguments, "rest">;
  try {
    parsed = parseArgs({ args: args.slice(0, end), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CommandFailure((error as Error).message.split(". ", 1)[0] ?? "", hint);
  }
  for (const [name, { choices }] of Object.entries(spec.options ?? {})) {
    const value = parsed.values[name];
    if (choices && typeof value === "string" && !choices.includes(value)) {
      throw new CommandFailure(`--${name} takes one of ${choices.join(", ")}, and not "${value}".`, hint);
    }
  }
  const rest = args.slice(end + 1);
  const [extra] = [...parsed.positionals, ...rest];
  if (extra !== undefined && !spec.positionals) {
    throw new CommandFailure(`redline ${spec.name} takes no arguments, and got "${extra}".`, hint);
  }
  return { ...parsed, rest };
}
