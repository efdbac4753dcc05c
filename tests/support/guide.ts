/** Guides are followed as they are written: the code blocks that name a file are carried out in a copy of the repository. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
/** Folders that a copy needs to check types and run tests. */
const COPIED = ["app", "packages", "tests/security", "tests/support"];
const CONFIGS = ["package.json", "tsconfig.json", "vitest.config.ts", "biome.json", ".dependency-cruiser.mjs"];

/** The configuration that checks the types of a guide's files and of all that they import. */
export const TYPES_CONFIG = "tsconfig.guide.json";

type Block = { path: string; act: "create" | "append" | "edit"; text: string };

/** Returns a guide's code blocks that name a file: ```` ```ts path ````, ```` ```ts path (at the end) ```` or ```` ```diff path ````. */
function blocksOf(guide: string): Block[] {
  return [...guide.matchAll(/^```(\w+) (\S+)( \(at the end\))?\n(.*?)^```$/gms)].map(
    ([, language = "", path = "", atEnd, text = ""]) => ({
      path,
      act: language === "diff" ? "edit" : atEnd ? "append" : "create",
      text,
    }),
  );
}

export type GuideCopy = {
  folder: string;
  /** Paths that the guides made or changed. */
  paths: string[];
  /** Runs one of the repository's own commands in the copy. Returns its exit code and all that it printed. */
  run: (command: string, ...args: string[]) => { code: number | null; output: string };
  remove: () => void;
};

/** Copies the repository's sources and carries out guides in the copy. Throws for a block that doesn't fit any more. */
export async function followGuides(...names: string[]): Promise<GuideCopy> {
  const folder = mkdtempSync(join(tmpdir(), "redline-guide-"));
  const notInstalled = (from: string) => basename(from) !== "node_modules";
  for (const path of COPIED)
    await cp(join(REPOSITORY, path), join(folder, path), { recursive: true, filter: notInstalled });
  for (const path of CONFIGS) await cp(join(REPOSITORY, path), join(folder, path));
  linkModules(folder);
  execFileSync("git", ["init", "-q"], { cwd: folder });
  const blocks = names.flatMap((name) => blocksOf(readFileSync(join(REPOSITORY, "docs/guides", name), "utf8")));
  for (const block of blocks) carryOut(block, join(folder, block.path));
  const paths = [...new Set(blocks.map(({ path }) => path))];
  const types = {
    extends: "./tsconfig.json",
    compilerOptions: { incremental: false },
    include: ["app/*.d.ts"],
    files: paths,
  };
  writeFileSync(join(folder, TYPES_CONFIG), JSON.stringify(types));
  return {
    folder,
    paths,
    run: (command, ...args) => {
      const { NODE_OPTIONS: _, VITEST: _vitest, ...env } = process.env;
      const program = join(folder, "node_modules/.bin", command);
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...env, NO_COLOR: "1" },
      });
      return { code: status, output: stdout + stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Installed packages are shared; the workspace's own are those of the copy. */
function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@redline"), { recursive: true });
  for (const each of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (!["@redline", ".cache", ".vite"].includes(each)) {
      symlinkSync(join(REPOSITORY, "node_modules", each), join(modules, each));
    }
  }
  for (const each of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", each), join(modules, "@redline", each));
  }
}

function carryOut({ path, act, text }: Block, file: string): void {
  if (act === "create") {
    if (existsSync(file)) throw new Error(`The guide creates ${path}, which exists.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else {
    const before = readFileSync(file, "utf8");
    writeFileSync(file, act === "append" ? before + text : edited(before, text, path));
  }
}

/** Applies a block of lines that begin with a space, `-` or `+`, whose old lines must stand in the file once. */
function edited(before: string, diff: string, path: string): string {
  const lines = diff.split("\n").filter((line) => line !== "");
  const side = (sign: "-" | "+") =>
    lines.flatMap((line) => (line[0] === " " || line[0] === sign ? [`${line.slice(1)}\n`] : [])).join("");
  const parts = before.split(side("-"));
  if (parts.length !== 2)
    throw new Error(`The guide's lines stand ${parts.length - 1} times in ${path}:\n${side("-")}`);
  return parts.join(side("+"));
}
