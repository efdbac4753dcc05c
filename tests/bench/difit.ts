/** difit, a peer that shows one commit's changes: installed from npm in a temporary folder, for ratios in one run. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const DIFIT = "difit 2.2.7";
const SERVING = /http:\/\/localhost:\d+/;
/** Without a terminal it would read a diff from its input. */
const IS_TERMINAL = 'data:text/javascript,Object.defineProperty(process.stdin,"isTTY",{value:true})';

type File = { name: string; text: string };

/** Installs difit and makes a repository whose last commit adds one file. */
export function prepareDifit({ name, text }: File): { serve: () => Promise<Difit>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "redline-difit-"));
  const run = (command: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(command, args, { cwd: folder });
    if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`);
  };
  run("npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", DIFIT.replace(" ", "@"));
  const git = (...args: string[]) => run("git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args);
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "Begin");
  writeFileSync(join(folder, name), text);
  git("add", name);
  git("commit", "--quiet", "--message", `Add ${name}`);
  return { serve: () => serve(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

type Difit = { url: string; end: () => Promise<void> };

/** Starts difit, which ends itself when its page is closed, and has it read the commit once. */
async function serve(folder: string): Promise<Difit> {
  const cli = join(folder, "node_modules/difit/dist/cli/index.js");
  const child = spawn(process.execPath, ["--import", IS_TERMINAL, cli, "HEAD", "--no-open"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const found = SERVING.exec(output)?.[0];
      if (found) resolve(found);
    });
    child.once("close", (code) => reject(new Error(`difit ended with ${code}: ${output}`)));
  });
  for (const path of ["/", "/api/diff?ignoreWhitespace=true"]) await (await fetch(`${url}${path}`)).arrayBuffer();
  const end = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return { url, end };
}
