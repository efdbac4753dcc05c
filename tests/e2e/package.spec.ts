/** The package of the command line: packed, installed in an empty folder, and used from there with nothing but Node. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cards, redlineButtons, reviewed, version } from "./support/review";
import { expect, test } from "./support/test";

const MB = 1_000_000;
const IDENTITY = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgSign=false"];

let folder: string;
let installed: string;
let tarball: string;

test.beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "redline-package-")));
  installed = join(folder, "installed/node_modules/redline");
  execFileSync(process.execPath, ["scripts/build-cli.mjs", join(folder, "package")], { stdio: "pipe" });
  const npm = { cwd: join(folder, "package"), encoding: "utf8", stdio: "pipe" } as const;
  tarball = join(folder, "package", execFileSync("npm", ["pack", "--silent"], npm).trim());
  mkdirSync(join(folder, "installed"));
  const offline = ["install", "--offline", "--no-audit", "--no-fund", "--prefix", join(folder, "installed"), tarball];
  execFileSync("npm", offline, { cwd: join(folder, "installed"), stdio: "pipe" });
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function repository(name: string, files: Record<string, string>): string {
  const root = join(folder, name);
  mkdirSync(root);
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: root });
  write(root, files);
  return root;
}

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const git = (root: string, ...args: string[]) =>
  execFileSync("git", [...IDENTITY, ...args], { cwd: root, stdio: "pipe" });

/** What the command says, until it has said that it is linked. */
function linked(command: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    for (const stream of [command.stdout, command.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        said += chunk;
        if (said.includes("Linked with")) resolve(said);
      });
    }
    command.once("exit", (code) => reject(new Error(`It ended with ${code}: ${said}`)));
  });
}

test("packs into 25 MB and unpacks into 90, with nothing else to install", () => {
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" }).map((name) =>
    statSync(join(installed, name)),
  );
  const unpacked = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  expect(statSync(tarball).size).toBeLessThan(25 * MB);
  expect(unpacked).toBeLessThan(90 * MB);
  expect(readdirSync(join(folder, "installed/node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "redline",
  ]);
});

test("reviews TypeScript and Python where it is installed offline, with both engines", () => {
  const root = repository("reviewed", {
    "a.ts": "export const isOne = (x: unknown) => x == 1;\n",
    "b.py": "import os\n",
  });
  const program = join(folder, "installed/node_modules/.bin/redline");
  const { status, stdout, stderr } = spawnSync(program, ["review", "--format", "json"], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const rules = JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule);
  expect(rules).toEqual(["biome/suspicious/noDoubleEquals", "ruff/F401"]);
});

test("opens what changed: an accepted fix is in the file, and an edit of the file on the page", async ({ page }) => {
  const root = repository("opened", { "src/a.js": "export const f = () => {\n  return 1;\n};\n" });
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "-m", "one");
  const path = join(root, "src/a.js");
  write(root, { "src/a.js": "export const f = () => {\r\n  debugger;\r\n  return 1;\r\n};\r\n" });
  const data = join(folder, "data");
  const program = join(installed, "dist/redline.js");
  const command = spawn(process.execPath, [program, "--no-open"], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, REDLINE_DATA: data, PORT: "0" } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const said = await linked(command);
    await page.goto(said.split("\n", 1)[0] as string);
    await reviewed(page, { withEditor: false });
    await expect(cards(page).filter({ hasText: "debugger" })).toHaveCount(1);
    await redlineButtons(page, "Accept").first().click();
    await expect.poll(() => readFileSync(path, "utf8")).toBe("export const f = () => {\r\n  return 1;\r\n};\r\n");
    await expect(version(page)).toContainText("v3");
    write(root, { "src/a.js": "export const f = () => {\r\n  return 'from the disk';\r\n};\r\n" });
    await expect(page.locator('.code-line[data-change="added"]').filter({ hasText: "from the disk" })).toBeVisible();
    await expect(version(page)).toContainText("v4");
    command.removeAllListeners("exit");
    command.kill("SIGINT");
    await expect.poll(() => command.exitCode).toBe(0);
  } finally {
    command.kill("SIGKILL");
    endServer(data);
  }
});

/** What was started in the background for the command goes on without it. */
function endServer(data: string): void {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (realpathSync(`/proc/${entry}/cwd`) === data) process.kill(Number(entry), "SIGTERM");
    } catch {
      // It has ended, or is another user's.
    }
  }
}
