import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { importFiles } from "../sessions/import-files";
import { packZip } from "./zip";

const PATHS = ["A.ts", "CON", "a.ts", "a:b.ts", "end.", "größe.ts", "renamed.TXT", "src", "src/x.ts"];
const root = mkdtempSync(join(tmpdir(), "redline-zip-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const pack = () => packZip(PATHS, async (path) => `content of ${path}\n`, new Date("2026-01-02T03:04:06Z"));

it("lists renamed files in RENAMED.txt, under a name that no file has", async () => {
  const { files } = await importFiles([{ path: "x.zip", bytes: await pack() }]);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  expect(texts.get("RENAMED-2.txt")?.split("\n").slice(2, -1)).toEqual([
    "CON -> CON_",
    "a.ts -> a-2.ts",
    "a:b.ts -> a_b.ts",
    "end. -> end_",
    "src -> src-2",
  ]);
  expect(texts.get("a-2.ts")).toBe("content of a.ts\n");
});

it("has no list where every file has its own name", async () => {
  const zip = await packZip(["a.ts"], async () => "x", new Date());
  expect((await importFiles([{ path: "x.zip", bytes: zip }])).files.map(({ path }) => path)).toEqual(["a.ts"]);
});

const UNPACKERS: [name: string, args: (zip: string, to: string) => string[]][] = [
  ["unzip", (zip, to) => ["-q", zip, "-d", to]],
  ["7z", (zip, to) => ["x", "-bd", `-o${to}`, zip]],
  ["bsdtar", (zip, to) => ["-xf", zip, "-C", to]],
  ["python3", (zip, to) => ["-m", "zipfile", "-e", zip, to]],
];
const isThere = (tool: string) => {
  try {
    execFileSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

// Whichever of them this machine has: none is needed to run Redline.
it.each(UNPACKERS.filter(([tool]) => isThere(tool)))("is unpacked by %s, each file once", async (tool, args) => {
  const [zip, to] = [join(root, `${tool}.zip`), mkdtempSync(join(root, `${tool}-`))];
  writeFileSync(zip, await pack());
  execFileSync(tool, args(zip, to), { stdio: "ignore", env: { ...process.env, LC_ALL: "C.UTF-8" } });
  const found = readdirSync(to, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(to, name)).isFile(),
  );
  expect(found.sort()).toEqual(
    [
      "A.ts",
      "CON_",
      "RENAMED-2.txt",
      "a-2.ts",
      "a_b.ts",
      "end_",
      "größe.ts",
      "renamed.TXT",
      "src-2",
      "src/x.ts",
    ].sort(),
  );
  expect(readFileSync(join(to, "src", "x.ts"), "utf8")).toBe("content of src/x.ts\n");
});
