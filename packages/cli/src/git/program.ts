/** Runs the `git` program, so that neither the environment nor a configuration changes what its plumbing prints. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { CommandFailure } from "../failure";

/** Variables that say where the repository is, as a hook is given them, or how it may be read. */
const KEPT = new Set([
  ...["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"],
  ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_CEILING_DIRECTORIES"],
  ...["GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"],
  ...["GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_SSH", "GIT_SSH_COMMAND"],
  ...["GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_ASKPASS", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE"],
]);
const KEPT_PATTERN = /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/;

/** The environment of every git process: English messages, no locks, no prompts, no options of the user's shell. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(
    ([name]) => !name.startsWith("GIT_") || KEPT.has(name) || KEPT_PATTERN.test(name),
  );
  const own = { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_LITERAL_PATHSPECS: "0" };
  return { ...(Object.fromEntries(others) as NodeJS.ProcessEnv), ...own };
}

/** Before every command. A file system monitor is a program of the repository's choice, and listing works without. */
const GLOBAL = ["--no-optional-locks", "--no-pager", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false"];

export class GitProgram {
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly cwd: string,
    env: NodeJS.ProcessEnv,
    private readonly program = "git",
  ) {
    this.env = gitEnvironment(env);
  }

  start(args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(this.program, [...GLOBAL, ...args], { cwd: this.cwd, env: this.env, shell: false, windowsHide: true });
  }

  /** Returns what a command printed. Throws GitFailed when it did not exit with 0. */
  async run(args: readonly string[], input?: Buffer): Promise<Buffer> {
    const { code, stdout, stderr } = await this.finish(args, input);
    if (code !== 0) throw new GitFailed(args, stderr);
    return stdout;
  }

  /** Returns the first line of what a command printed, or undefined when it failed. */
  async ask(args: readonly string[]): Promise<string | undefined> {
    const { code, stdout } = await this.finish(args);
    return code === 0 ? stdout.toString("utf8").split("\n", 1)[0] : undefined;
  }

  private async finish(
    args: readonly string[],
    input?: Buffer,
  ): Promise<{ code: number | null; stdout: Buffer; stderr: string }> {
    const child = this.start(args);
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const [stdout, stderr, code] = await Promise.all([
      collect(child.stdout),
      collect(child.stderr),
      new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve)),
    ]);
    return { code, stdout, stderr: stderr.toString("utf8") };
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** git refused; the message is its own, without the advice that follows the first lines. */
export class GitFailed extends CommandFailure {
  constructor(args: readonly string[], stderr: string) {
    const said = stderr
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("hint:"))
      .slice(0, 3)
      .join("\n");
    super(said === "" ? `git ${args[0]} failed.` : said);
  }
}
