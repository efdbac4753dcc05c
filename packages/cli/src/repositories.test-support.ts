/** Temporary git repositories and command lines for tests. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { runCommand } from "./run";

const IDENTITY = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgSign=false"];
const opened: string[] = [];

export class TestRepository {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "redline-cli-")));

  constructor({ isRepository = true } = {}) {
    opened.push(this.root);
    if (isRepository) this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: string[]): string {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    return execFileSync("git", [...IDENTITY, ...args], { cwd: this.root, env, encoding: "utf8", stdio: "pipe" });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Writes files, by path. */
  write(files: Record<string, string | Buffer>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), content);
    }
  }

  commit(files: Record<string, string | Buffer>, message = "a commit"): void {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "-m", message);
  }

  run(...args: string[]): Promise<Ran> {
    return runIn(this.root, args);
  }
}

export type Ran = { code: number; stdout: string; stderr: string };

/** Runs a command line as the program does, with streams that are no terminal. */
export async function runIn(
  cwd: string,
  args: string[],
  { stdin = "", env = {} }: { stdin?: string | Buffer; env?: Record<string, string> } = {},
): Promise<Ran> {
  const [stdout, stderr] = [collector(), collector()];
  const code = await runCommand(args, {
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

export function removeRepositories(): void {
  for (const root of opened.splice(0)) rmSync(root, { recursive: true, force: true });
}
