import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { removeRepositories, runIn, TestRepository } from "../repositories.test-support";

afterAll(removeRepositories);

const OLD = "export const isOne = (x: unknown) => x == 1;\n";
const NEW = "export const isTwo = (x: unknown) => x == 2;\n";
const SAFE = 'export function greet(): string {\n  let name = "you";\n  return name;\n}\n';
const BROKEN = "export const total = (1 + ;\n";

function repositoryWith(files: Record<string, string | Buffer>): TestRepository {
  const repository = new TestRepository();
  repository.commit(files);
  return repository;
}

const findingsOf = (
  stdout: string,
): { path: string; line: number; isNew: boolean; rule: string; fix?: { base: string } }[] =>
  JSON.parse(stdout).findings;

it("prints a new finding with its code, and says of an older one that it is there", async () => {
  const repository = repositoryWith({ "a.ts": OLD });
  repository.write({ "a.ts": `${OLD}${NEW}` });
  const { code, stdout } = await repository.run("review");
  expect(stdout).toContain("a.ts:2:40");
  expect(stdout).toContain("> 2 │ export const isTwo = (x: unknown) => x == 2;");
  expect(stdout).toContain("+ export const isTwo = (x: unknown) => x === 2;");
  expect(stdout).not.toContain("a.ts:1:");
  expect(stdout).toContain("1 new finding (1 minor) in 1 file");
  expect(stdout).toContain("1 older one is not shown");
  expect(stdout).not.toContain("\u001b[");
  expect(code).toBe(0);
});

it("exits with 1 when something major is new, and from another severity on as asked", async () => {
  const repository = repositoryWith({ "a.ts": "" });
  repository.write({ "a.ts": NEW });
  expect((await repository.run("review")).code).toBe(0);
  expect((await repository.run("review", "--fail-on", "minor")).code).toBe(1);
  repository.write({ "redline.json": '{ "failOn": "minor" }' });
  expect((await repository.run("review")).code).toBe(1);
  repository.write({ "redline.json": "{}", "b.ts": BROKEN });
  const { code, stdout } = await repository.run("review");
  expect(stdout).toContain("redline/parse-error");
  expect(code).toBe(1);
});

it("exits with 2 for what it can't do, and says why on standard error", async () => {
  const repository = repositoryWith({ "a.ts": OLD });
  for (const [args, message] of [
    [["review", "--base", "nowhere"], 'no revision "nowhere"'],
    [["review", "missing.ts"], '"missing.ts" is neither a file here nor a revision'],
    [["review", "--format", "yaml"], "--format takes one of"],
    [["review", "--staged", "--all"], "--staged and --all can't be used together"],
    [["review", "--staged", "--fix"], "--fix changes the files of the work tree"],
    [["review", "--nonsense"], "Unknown option"],
    [["revue"], 'no command "revue"'],
    [["review", "../elsewhere"], "outside of the work tree"],
  ] as const) {
    const { code, stdout, stderr } = await repository.run(...args);
    expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  }
});

it("prints findings for programs in the promised shape", async () => {
  const repository = repositoryWith({ "a.ts": OLD });
  repository.write({ "a.ts": `${OLD}${NEW}`, "picture.png": Buffer.from([137, 80, 0, 1]) });
  const { stdout } = await repository.run("review", "--format", "json");
  const report = JSON.parse(stdout);
  expect(Object.keys(report)).toEqual(["findings", "coverage", "summary"]);
  expect(report.findings.map(({ isNew }: { isNew: boolean }) => isNew)).toEqual([false, true]);
  expect(report.findings[1]).toEqual({
    path: "a.ts",
    line: 2,
    endLine: 2,
    column: 40,
    severity: "minor",
    confidence: "high",
    rule: "biome/suspicious/noDoubleEquals",
    title: expect.any(String),
    explanation: expect.any(String),
    isNew: true,
    fix: {
      summary: expect.any(String),
      safety: "unsafe",
      base: expect.stringMatching(/^[0-9a-f]{40}$/),
      edits: [expect.any(Object)],
    },
  });
  expect(report.coverage).toEqual([
    { path: "a.ts", state: "covered" },
    { path: "picture.png", state: "skipped", reason: "is binary" },
  ]);
  expect(report.summary).toMatchObject({ files: 2, covered: 1, skipped: 1, new: { minor: 1 }, old: 1 });
});

it("knows a finding of a renamed file, and of lines that moved, as the old one", async () => {
  const filler = Array.from({ length: 9 }, (_, index) => `export const value${index} = ${index};\n`).join("");
  const repository = repositoryWith({ "a.ts": `${filler}${OLD}` });
  repository.git("mv", "a.ts", "b.ts");
  repository.write({ "b.ts": `// moved\n${filler}${OLD}` });
  repository.git("add", "--all");
  const { stdout } = await repository.run("review", "--format", "json");
  expect(findingsOf(stdout)).toMatchObject([{ path: "b.ts", line: 11, isNew: false }]);
});

it("skips symbolic links, LFS pointers and other encodings with the reason, and files that did not change without one", async () => {
  const repository = repositoryWith({ "a.ts": OLD, "mode.ts": OLD });
  chmodSync(repository.path("mode.ts"), 0o755);
  repository.write({
    "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "latin.ts": Buffer.from("// caf\xe9\n", "latin1"),
  });
  const { stdout } = await repository.run("review", "--format", "json");
  expect(JSON.parse(stdout).coverage).toEqual([
    { path: "big.bin", state: "skipped", reason: "is a Git LFS pointer, not the file itself" },
    { path: "latin.ts", state: "skipped", reason: "is not UTF-8 text" },
  ]);
});

it("reviews named paths only, and leaves out what redline.json ignores or turns off", async () => {
  const repository = repositoryWith({ "a.ts": "", "src/b.ts": "", "gen/c.ts": "", "tests/d.ts": "" });
  repository.write({ "a.ts": NEW, "src/b.ts": NEW, "gen/c.ts": NEW, "tests/d.ts": NEW });
  const paths = async (...args: string[]) =>
    findingsOf((await repository.run("review", "--format", "json", ...args)).stdout).map(({ path }) => path);
  expect(await paths("src")).toEqual(["src/b.ts"]);
  repository.write({
    "redline.json": JSON.stringify({
      ignore: ["gen/"],
      overrides: [{ files: ["tests/**"], rules: { "biome/*": "off" } }],
    }),
  });
  expect(await paths()).toEqual(["a.ts", "src/b.ts"]);
  repository.write({ "redline.json": '{ "rules": { "biome/nonsense": "off" } }' });
  const { code, stderr } = await repository.run("review");
  expect(code).toBe(2);
  expect(stderr).toContain('no rule "biome/nonsense"');
});

it("writes the safe fixes of new findings, and keeps mode, line ends and byte order mark", async () => {
  const repository = repositoryWith({ "old.ts": SAFE });
  repository.write({ "new.ts": `\uFEFF${SAFE.replaceAll("\n", "\r\n")}`, "old.ts": `// changed\n${SAFE}` });
  chmodSync(repository.path("new.ts"), 0o755);
  const { code, stdout } = await repository.run("review", "--fix");
  expect(code).toBe(0);
  expect(stdout).toContain("new.ts: 1 finding fixed");
  expect(readFileSync(repository.path("new.ts"), "utf8")).toBe(
    `\uFEFF${SAFE.replace("let", "const").replaceAll("\n", "\r\n")}`,
  );
  expect(statSync(repository.path("new.ts")).mode & 0o777).toBe(0o755);
  expect(readFileSync(repository.path("old.ts"), "utf8")).toContain("let name");
});

it("reviews standard input as the content of a path, and prints the fixed text alone", async () => {
  const repository = repositoryWith({ "a.ts": OLD });
  const reviewed = await runIn(repository.root, ["review", "--stdin-path", "a.ts", "--format", "json"], {
    stdin: `${OLD}${NEW}`,
  });
  expect(findingsOf(reviewed.stdout).map(({ isNew }) => isNew)).toEqual([false, true]);
  const fixed = await runIn(repository.root, ["review", "--stdin-path", "b.ts", "--fix"], { stdin: SAFE });
  expect(fixed).toEqual({ code: 0, stdout: SAFE.replace("let", "const"), stderr: "" });
  const binary = await runIn(repository.root, ["review", "--stdin-path", "b.ts", "--fix"], { stdin: "a\0b" });
  expect(binary.stdout).toBe("a\0b");
});

it("takes the findings of a SARIF baseline for old ones", async () => {
  const repository = repositoryWith({ "a.ts": OLD });
  const log = await repository.run("review", "--all", "--format", "sarif");
  writeFileSync(repository.path(".git/baseline.sarif"), log.stdout);
  const { stdout } = await repository.run("review", "--all", "--baseline", ".git/baseline.sarif", "--format", "json");
  expect(findingsOf(stdout).map(({ isNew }) => isNew)).toEqual([false]);
  const { code, stderr } = await repository.run("review", "--baseline", "a.ts");
  expect(code).toBe(2);
  expect(stderr).toContain("The baseline can't be read");
});

it("reviews named files whole where there is no repository", async () => {
  const folder = new TestRepository({ isRepository: false });
  folder.write({ "a.ts": NEW });
  const nothing = await runIn(folder.root, ["review"], { env: { GIT_CEILING_DIRECTORIES: folder.root } });
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toContain("not a git work tree");
  const whole = await folder.run("review", "a.ts", "--format", "json");
  expect(findingsOf(whole.stdout)).toMatchObject([{ path: "a.ts", isNew: true }]);
});

it("shows no control characters of the reviewed code to the terminal", async () => {
  const repository = new TestRepository();
  repository.write({ "a.ts": "export const isOne = (x: unknown) => x == 1; // \u001b[31m\n" });
  const { stdout } = await runIn(repository.root, ["review"], { env: { NO_COLOR: "1" } });
  expect(stdout).toContain("\\u{1b}[31m");
  expect(stdout).not.toContain("\u001b");
});
