/** Runs one command line and returns its exit code. */
import { type Arguments, type CommandSpec, parseArguments, type Run } from "./commands/command";
import { type CommandName, SPECS } from "./commands/specs";
import { CommandFailure } from "./failure";
import { colorsFor, type Io, write } from "./terminal";
import { VERSION } from "./version";

/** Each command's code is loaded when it runs. */
const COMMANDS: Record<CommandName, () => Promise<{ run: Run }>> = {
  open: () => import("./commands/open"),
  watch: () => import("./commands/watch"),
  review: () => import("./commands/review"),
  apply: () => import("./commands/apply"),
  "merge-driver": () => import("./commands/merge-driver"),
  mergetool: () => import("./commands/mergetool"),
  rules: () => import("./commands/rules"),
  explain: () => import("./commands/explain"),
  hook: () => import("./commands/hook"),
  mcp: () => import("./commands/mcp"),
  doctor: () => import("./commands/doctor"),
  completion: () => import("./commands/completion"),
};

/** Exit code of whatever could not be done: wrong arguments, no repository, a file that can't be read. */
export const FAILED = 2;

export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const colors = colorsFor(io.stderr, io.env);
    const hint = error.hint ? `\n  ${error.hint}` : "";
    await write(io.stderr, `${colors.red("redline:")} ${error.message}${hint}\n`);
    return FAILED;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const colors = colorsFor(io.stdout, io.env);
  const [first, ...others] = args;
  if (first === "--help" || first === "-h" || first === "help") {
    const { helpOf, overview } = await import("./commands/help");
    const topic = first === "help" && others[0] && isCommand(others[0]) ? SPECS[others[0]] : undefined;
    await write(io.stdout, topic ? helpOf(topic, colors) : overview(colors));
    return 0;
  }
  if (first === "--version" || first === "-v") {
    await write(io.stdout, `${VERSION}\n`);
    return 0;
  }
  // What is no command's name is the range that is opened.
  const name = first !== undefined && isCommand(first) ? first : "open";
  const rest = first === name ? others : args;
  const spec: CommandSpec = SPECS[name];
  const before = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (before.includes("--help") || before.includes("-h")) {
    const { helpOf } = await import("./commands/help");
    await write(io.stdout, helpOf(spec, colors));
    return 0;
  }
  const parsed: Arguments = parseArguments(spec, rest);
  const { run } = await COMMANDS[name]();
  return run(parsed, io);
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(SPECS, name);
