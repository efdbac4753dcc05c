/**
 * `redline review` on a difference of 300 files, cold, beside Biome's and Ruff's checks of the same files one after the
 * other: two Node processes with the same WebAssembly packages and their recommended rules. Alternating rounds of one run.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { atMost, type Figure, median, rounded } from "./figure";

const root = join(import.meta.dirname, "../..");
const ROUNDS = 3;
const SCRIPT_FILES = 200;
const PYTHON_FILES = 100;
/** Each of these gets a finding that is new. */
const EVERY = 10;

const GOALS = { ratio: 0.6, firstFindingMs: 1_000, memoryMb: 500 };

const BIOME = `
import { main, Workspace } from "@biomejs/wasm-nodejs";
import { readFileSync } from "node:fs";
main();
const workspace = new Workspace();
const { projectKey } = workspace.openProject({ path: "/r", openUninitialized: true });
workspace.updateSettings({ projectKey, workspaceDirectory: "/r", configuration: { formatter: { enabled: false }, assist: { enabled: false } } });
let found = 0;
for (const file of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const path = "/r/" + file;
  workspace.openFile({ projectKey, path, content: { type: "fromClient", content: readFileSync(file, "utf8"), version: 0 } });
  found += workspace.pullDiagnostics({ projectKey, path, categories: ["syntax", "lint"], maxDiagnostics: 1000, pullCodeActions: false }).diagnostics.length;
  workspace.closeFile({ projectKey, path });
}
console.log(found);
`;

const RUFF = `
import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { readFileSync } from "node:fs";
const workspace = new Workspace(Workspace.defaultSettings(), PositionEncoding.Utf16);
let found = 0;
for (const file of JSON.parse(readFileSync(process.argv[2], "utf8"))) found += workspace.check(readFileSync(file, "utf8")).length;
console.log(found);
`;

/** Reports a process's peak of resident memory when it ends. */
const PEAK = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
)}`;

function pythonFile(index: number): string {
  const block = (at: number) => `class Order${at}:
    def __init__(self, id, lines, note=None):
        self.id = id
        self.lines = lines
        self.note = note

    def total(self, discount):
        total = 0
        for sku, price, count in self.lines:
            if count <= 0:
                continue
            total += price * count
        return max(0, total * (1 - discount / 100))

    def save(self, write):
        try:
            write(self.id, {"lines": self.lines, "note": self.note})
        except OSError as error:
            raise RuntimeError(f"order {self.id} was not saved") from error
        return len(self.lines)


`;
  return Array.from({ length: 3 + (index % 6) }, (_, at) => block(at)).join("");
}

type Work = { folder: string; scripts: string; pythons: string };

/** A repository whose work tree changes 300 files: TypeScript of this one, and Python. */
function prepare(): Work {
  const folder = mkdtempSync(join(tmpdir(), "redline-bench-"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder });
  const tracked = execFileSync("git", ["ls-files", "app", "packages"], { cwd: root, encoding: "utf8" }).split("\n");
  const scripts = tracked.filter((path) => /(?<!\.test)\.tsx?$/.test(path)).slice(0, SCRIPT_FILES);
  const files = new Map(scripts.map((path) => [path, readFileSync(join(root, path), "utf8")]));
  const pythons = Array.from({ length: PYTHON_FILES }, (_, index) => `python/orders_${index}.py`);
  for (const [index, path] of pythons.entries()) files.set(path, pythonFile(index));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of files) put(path, text.split("\n").slice(0, -6).join("\n"));
  git("init", "-q");
  git("add", ".");
  git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", "base");
  for (const [index, [path, text]] of [...files].entries()) {
    const isPython = path.endsWith(".py");
    const finding = isPython ? "\nmissing == None\n" : "\nexport const isOne = (x: unknown) => x == 1;\n";
    put(path, index % EVERY === 0 ? text + finding : text);
  }
  writeFileSync(join(folder, ".git/scripts.json"), JSON.stringify(scripts));
  writeFileSync(join(folder, ".git/pythons.json"), JSON.stringify(pythons));
  return { folder, scripts: join(folder, ".git/scripts.json"), pythons: join(folder, ".git/pythons.json") };
}

type Run = { ms: number; firstMs: number; peakMb: number; output: string };

function runNode(args: string[], cwd: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ["--import", PEAK, ...args], {
      cwd,
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    let firstMs = Number.NaN;
    let output = "";
    let peak = "";
    child.stdout?.on("data", (chunk) => {
      if (output === "") firstMs = performance.now() - startedAt;
      output += chunk;
    });
    child.stdio[3]?.on("data", (chunk) => {
      peak += chunk;
    });
    child.on("error", reject);
    child.on("close", () =>
      resolve({ ms: performance.now() - startedAt, firstMs, peakMb: Number(peak) / 1024, output }),
    );
  });
}

export async function run(): Promise<Figure[]> {
  execFileSync(process.execPath, ["scripts/build-cli.mjs"], { cwd: root });
  const { folder, scripts, pythons } = prepare();
  const checkers = mkdtempSync(join(root, "node_modules/.cli-bench-"));
  try {
    writeFileSync(join(checkers, "biome.mjs"), BIOME);
    writeFileSync(join(checkers, "ruff.mjs"), RUFF);
    const ours: Run[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const biome = await runNode([join(checkers, "biome.mjs"), scripts], folder);
      const ruff = await runNode([join(checkers, "ruff.mjs"), pythons], folder);
      if (!Number(biome.output) || !/^\d+\n$/.test(ruff.output)) throw new Error("A checker did not work.");
      theirs.push(biome.ms + ruff.ms);
      const review = await runNode([join(root, "build/cli/dist/redline.js"), "review"], folder);
      if (!review.output.includes("in 300 files"))
        throw new Error(`The review did not work: ${review.output.slice(-300)}`);
      ours.push(review);
    }
    const bench = "cli-review";
    const ratio = median(ours.map(({ ms }) => ms)) / median(theirs);
    const of = "Biome's and Ruff's checks, one after the other";
    return [
      atMost({ bench, name: "300 files, cold", value: rounded(ratio), unit: "", goal: GOALS.ratio, ratio_to: of }),
      atMost({
        ...{ bench, name: "until the first finding", unit: "ms", goal: GOALS.firstFindingMs },
        value: Math.round(median(ours.map(({ firstMs }) => firstMs))),
      }),
      atMost({
        ...{ bench, name: "peak memory", unit: "MB", goal: GOALS.memoryMb },
        value: Math.round(Math.max(...ours.map(({ peakMb }) => peakMb))),
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(checkers, { recursive: true, force: true });
  }
}
