import { existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { removeRepositories, runIn, TestRepository } from "../repositories.test-support";

afterAll(removeRepositories);

const lines = (changes: Record<number, string> = {}) =>
  Array.from({ length: 30 }, (_, index) => `${changes[index + 1] ?? index + 1}\n`).join("");

function repositoryWithDiff(): { repository: TestRepository; diff: string; text: () => string } {
  const repository = new TestRepository();
  repository.commit({ "n.txt": lines(), "gone.txt": "gone\n" });
  repository.write({ "n.txt": lines({ 15: "fifteen" }), "new/file.txt": "new\n" });
  repository.git("rm", "--quiet", "gone.txt");
  repository.git("add", "--all");
  const diff = repository.git("diff", "--cached");
  repository.git("reset", "--quiet", "--hard");
  return { repository, diff, text: () => readFileSync(repository.path("n.txt"), "utf8") };
}

it("applies a diff of several files, and then git shows the same diff", async () => {
  const { repository, diff } = repositoryWithDiff();
  const { code, stdout } = await runIn(repository.root, ["apply"], { stdin: diff });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "deleted   gone.txt\nchanged   n.txt\ncreated   new/file.txt\n",
  });
  repository.git("add", "--all");
  expect(repository.git("diff", "--cached")).toBe(diff);
});

it("merges with what the file has become, where git has the text that the diff was made of", async () => {
  const { repository, diff, text } = repositoryWithDiff();
  repository.write({ "n.txt": lines({ 14: "XIV\n14b", 20: "twenty" }) });
  repository.write({ "n.txt": lines({ 11: "eleven", 20: "twenty" }).replace("14\n", "14\n") });
  expect((await runIn(repository.root, ["apply"], { stdin: diff })).code).toBe(0);
  expect(text()).toBe(lines({ 11: "eleven", 15: "fifteen", 20: "twenty" }));
});

it("writes nothing on a conflict, and with --markers the conflict", async () => {
  const { repository, diff, text } = repositoryWithDiff();
  const mine = lines({ 15: "XV" });
  repository.write({ "n.txt": mine });
  const { code, stdout } = await runIn(repository.root, ["apply"], { stdin: diff });
  expect(code).toBe(1);
  expect(stdout).toContain("conflict  n.txt: 1 place changed on both sides");
  expect(text()).toBe(mine);
  expect(existsSync(repository.path("new/file.txt"))).toBe(false);
  expect((await runIn(repository.root, ["apply", "--markers"], { stdin: diff })).code).toBe(1);
  expect(text()).toContain("<<<<<<< the file\nXV\n=======\nfifteen\n>>>>>>> the change\n");
});

it("refuses what does not fit, what is no diff, and paths that no patch may change", async () => {
  const { repository, text } = repositoryWithDiff();
  symlinkSync(tmpdir(), repository.path("out"));
  const create = (path: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+boom\n`;
  for (const [stdin, reason] of [
    ["--- a/n.txt\n+++ b/n.txt\n@@ -1 +1 @@\n-other\n+text\n", "refused"],
    ["hello", "refused"],
    ["{}", "has not the shape"],
    [create(".git/hooks/pre-commit"), "No patch may change"],
    [create("../outside.txt"), "No patch may change"],
    [create("out/redline-outside-apply.txt"), "beyond a symbolic link"],
  ] as const) {
    const { code, stdout } = await runIn(repository.root, ["apply"], { stdin });
    expect(code, stdin).toBe(2);
    expect(stdout).toContain(reason);
    expect(stdout).toContain("Nothing was changed.");
  }
  expect(text()).toBe(lines());
});

it("takes edits as JSON, and a finding with its fix as the review prints it, once", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "export const isOne = (x: unknown) => x == 1;\n", "run.sh": "a\n" });
  const search = JSON.stringify({ path: "run.sh", edits: [{ search: "a", replace: "b" }] });
  expect((await runIn(repository.root, ["apply"], { stdin: search })).code).toBe(0);
  expect(readFileSync(repository.path("run.sh"), "utf8")).toBe("b\n");
  const review = await repository.run("review", "--all", "a.ts", "--format", "json");
  const [finding] = JSON.parse(review.stdout).findings;
  const stdin = JSON.stringify(finding);
  const check = await runIn(repository.root, ["apply", "--check", "--format", "json"], { stdin });
  expect(JSON.parse(check.stdout)).toEqual({
    outcome: "applied",
    files: [{ path: "a.ts", change: "changed", conflicts: 0 }],
  });
  expect((await runIn(repository.root, ["apply"], { stdin })).code).toBe(0);
  expect(readFileSync(repository.path("a.ts"), "utf8")).toContain("x === 1");
  expect(statSync(repository.path("a.ts")).mode & 0o777).toBe(0o644);
});
