import { appendFileSync, chmodSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import type { Difference, DifferenceSpec, Git } from "./git";
import { openGit } from "./repository";

const open: Git[] = [];

async function gitAt(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<Git> {
  const git = await openGit(cwd, env);
  open.push(git);
  return git;
}

const differenceIn = async (cwd: string, spec: DifferenceSpec = { kind: "uncommitted" }): Promise<Difference> =>
  (await gitAt(cwd)).difference(spec);

const listed = ({ files }: Difference) =>
  files.map(({ path, status, from }) => [status, ...(from ? [from] : []), path].join(" "));

async function text(git: Git, difference: Difference, path: string, side: "base" | "head"): Promise<unknown> {
  const file = difference.files.find((each) => each.path === path);
  const of = file?.[side];
  if (!file || !of) return undefined;
  const content = await git.read(side === "base" ? (file.from ?? path) : path, of, 1_000_000);
  return Buffer.isBuffer(content) ? content.toString("utf8") : content.reason;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((git) => git.close()));
});
afterAll(removeRepositories);

it("lists changed, new, deleted and untracked files of a work tree, and no ignored ones", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n", "b.ts": "2\n", "gone.ts": "3\n", ".gitignore": "*.log\nbuild/\n" });
  repository.write({
    "a.ts": "one\n",
    "sub/staged.ts": "4\n",
    "trace.log": "x",
    "build/out.js": "x",
    "new ünicode\tfile.ts": "5\n",
  });
  repository.git("rm", "--quiet", "gone.ts");
  repository.git("add", "sub/staged.ts");
  const git = await gitAt(repository.path("sub"));
  const difference = await git.difference({ kind: "uncommitted" });
  expect(listed(difference)).toEqual([
    "modified a.ts",
    "deleted gone.ts",
    "untracked new ünicode\tfile.ts",
    "added sub/staged.ts",
  ]);
  expect(await text(git, difference, "a.ts", "base")).toBe("1\n");
  expect(await text(git, difference, "a.ts", "head")).toBe("one\n");
});

it("lists what would be committed, whatever the work tree has", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  repository.write({ "a.ts": "2\n" });
  repository.git("add", "a.ts");
  repository.write({ "a.ts": "3\n", "b.ts": "not staged\n" });
  const git = await gitAt(repository.root);
  const difference = await git.difference({ kind: "staged" });
  expect(listed(difference)).toEqual(["modified a.ts"]);
  expect(await text(git, difference, "a.ts", "head")).toBe("2\n");
});

it("compares ranges, single commits, and a branch with the main one since both parted", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  repository.git("checkout", "--quiet", "-b", "topic");
  repository.commit({ "topic.ts": "2\n" });
  repository.git("checkout", "--quiet", "main");
  repository.commit({ "main.ts": "3\n" });
  repository.git("checkout", "--quiet", "topic");
  repository.write({ "open.ts": "4\n" });
  const { root } = repository;
  expect(listed(await differenceIn(root, { kind: "range", range: "main...HEAD" }))).toEqual(["added topic.ts"]);
  expect(listed(await differenceIn(root, { kind: "range", range: "main..topic" }))).toEqual([
    "deleted main.ts",
    "added topic.ts",
  ]);
  expect(listed(await differenceIn(root, { kind: "range", range: "HEAD" }))).toEqual(["added topic.ts"]);
  expect(listed(await differenceIn(root, { kind: "range", range: "HEAD~1" }))).toEqual(["added a.ts"]);
  expect(listed(await differenceIn(root, { kind: "since", revision: "main" }))).toEqual([
    "untracked open.ts",
    "added topic.ts",
  ]);
  expect(listed(await differenceIn(root, { kind: "branch" }))).toEqual(["untracked open.ts", "added topic.ts"]);
  await expect(differenceIn(root, { kind: "since", revision: "nowhere" })).rejects.toThrow('no revision "nowhere"');
  await expect(differenceIn(root, { kind: "since", revision: "--output=x" })).rejects.toThrow("no revision");
});

it("works before the first commit", async () => {
  const repository = new TestRepository();
  repository.write({ "a.ts": "1\n", "b.ts": "2\n" });
  repository.git("add", "a.ts");
  expect(listed(await differenceIn(repository.root))).toEqual(["added a.ts", "untracked b.ts"]);
});

it("tells renames, and reads the base by the old name", async () => {
  const repository = new TestRepository();
  repository.commit({ "old.ts": "1\n2\n3\n4\n5\n6\n7\n8\n" });
  renameSync(repository.path("old.ts"), repository.path("new.ts"));
  appendFileSync(repository.path("new.ts"), "9\n");
  repository.git("add", "--all");
  const git = await gitAt(repository.root);
  const difference = await git.difference({ kind: "staged" });
  expect(listed(difference)).toEqual(["renamed old.ts new.ts"]);
  expect(await text(git, difference, "new.ts", "base")).toBe("1\n2\n3\n4\n5\n6\n7\n8\n");
});

it("never follows a symbolic link out of the work tree", async () => {
  const repository = new TestRepository();
  const outside = join(tmpdir(), "redline-outside.txt");
  writeFileSync(outside, "outside");
  repository.commit({ "folder/a.ts": "1\n" });
  symlinkSync(outside, repository.path("link.ts"));
  repository.git("add", "link.ts");
  repository.git("rm", "-r", "--quiet", "--cached", "folder");
  renameSync(repository.path("folder"), repository.path("moved"));
  symlinkSync(tmpdir(), repository.path("folder"));
  const git = await gitAt(repository.root);
  const difference = await git.difference({ kind: "uncommitted" });
  expect(await text(git, difference, "link.ts", "head")).toBe("is a symbolic link");
  expect(await text(git, difference, "folder", "head")).toBe("is a symbolic link");
  const side = { kind: "file", source: "work-tree" } as const;
  expect(await git.read("folder/redline-outside.txt", side, 100)).toEqual({ reason: "lies beyond a symbolic link" });
  expect(await git.read("../redline-outside.txt", side, 100)).toEqual({ reason: "lies beyond a symbolic link" });
});

it("names submodules, and lists nothing of what is in them", async () => {
  const inner = new TestRepository();
  inner.commit({ "inner.ts": "1\n" });
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "module");
  const git = await gitAt(repository.root);
  const difference = await git.difference({ kind: "uncommitted" });
  expect(listed(difference)).toEqual(["added .gitmodules", "added module"]);
  expect(await text(git, difference, "module", "head")).toBe("is a submodule");
});

it("works in a linked work tree, in a folder below it, and in a sparse checkout", async () => {
  const repository = new TestRepository();
  repository.commit({ "kept/a.ts": "1\n", "left/b.ts": "2\n" });
  const linked = new TestRepository({ isRepository: false });
  repository.git("worktree", "add", "--quiet", linked.path("tree"), "-b", "other");
  linked.write({ "tree/kept/a.ts": "changed\n" });
  expect(listed(await differenceIn(linked.path("tree/left")))).toEqual(["modified kept/a.ts"]);
  repository.git("sparse-checkout", "set", "kept");
  expect(listed(await differenceIn(repository.root))).toEqual([]);
});

it("is not changed by the user's configuration, attributes and environment", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n", ".gitattributes": "*.ts diff=odd\n" });
  repository.write({ "a.ts": "2\n", "ü.ts": "3\n" });
  for (const [key, value] of [
    ["diff.external", "false"],
    ["diff.odd.textconv", "false"],
    ["diff.odd.command", "false"],
    ["diff.noprefix", "true"],
    ["diff.relative", "true"],
    ["color.ui", "always"],
    ["core.quotePath", "true"],
    ["core.fsmonitor", "false"],
  ] as const) {
    repository.git("config", key, value);
  }
  const env = {
    ...process.env,
    GIT_EXTERNAL_DIFF: "false",
    GIT_DIFF_OPTS: "-u9",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_TRACE: "1",
  };
  const git = await gitAt(repository.root, env);
  const difference = await git.difference({ kind: "uncommitted" });
  expect(listed(difference)).toEqual(["modified a.ts", "untracked ü.ts"]);
});

it("reads the index that a hook is given", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  repository.write({ "a.ts": "2\n" });
  const index = repository.path(".git/other-index");
  const git = await gitAt(repository.root, { ...process.env, GIT_INDEX_FILE: index, GIT_DIR: repository.path(".git") });
  expect(listed(await git.difference({ kind: "staged" }))).toEqual(["deleted a.ts"]);
});

it("leaves the index alone, also where only times have changed", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  utimesSync(repository.path("a.ts"), new Date(), new Date(Date.now() + 60_000));
  const before = repository.git("ls-files", "--debug");
  await differenceIn(repository.root);
  expect(repository.git("ls-files", "--debug")).toBe(before);
});

it("lists a file in conflict with its text in the work tree, and without one in the index", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "1\n" });
  repository.git("checkout", "--quiet", "-b", "other");
  repository.commit({ "a.ts": "2\n" });
  repository.git("checkout", "--quiet", "main");
  repository.commit({ "a.ts": "3\n" });
  expect(() => repository.git("merge", "other")).toThrow();
  const git = await gitAt(repository.root);
  const difference = await git.difference({ kind: "uncommitted" });
  expect(listed(difference)).toEqual(["modified a.ts"]);
  expect(await text(git, difference, "a.ts", "base")).toBe("3\n");
  const staged = await git.difference({ kind: "staged" });
  expect(listed(staged)).toEqual(["unmerged a.ts"]);
  expect(staged.files[0]?.head).toBeUndefined();
});

it("reads hundreds of objects of any size in order, and none above the limit", async () => {
  const repository = new TestRepository();
  const names = Array.from({ length: 500 }, (_, index) => `f/${index}.txt`);
  repository.commit({
    ...Object.fromEntries(names.map((name) => [name, `${name}\n`])),
    big: Buffer.alloc(300_000, 97),
    empty: "",
  });
  const git = await gitAt(repository.root);
  const { files } = await git.difference({ kind: "range", range: "HEAD" });
  const texts = await Promise.all(files.map(({ path, head }) => head && git.read(path, head, 200_000)));
  const of = (path: string) => texts[files.findIndex((file) => file.path === path)];
  expect(names.map((name) => String(of(name)))).toEqual(names.map((name) => `${name}\n`));
  expect(of("big")).toEqual({ reason: "larger than 195.3125 KB" });
  expect(of("empty")).toEqual(Buffer.alloc(0));
  expect(await git.readAt("HEAD", "none", 100)).toMatchObject({ isMissing: true });
});

it("replaces a file whole, with its mode, and not when it was changed meanwhile", async () => {
  const repository = new TestRepository();
  repository.commit({ "run.sh": "1\n" });
  chmodSync(repository.path("run.sh"), 0o751);
  const { files } = await gitAt(repository.root);
  expect(files.replace("run.sh", Buffer.from("1\n"), Buffer.from("2\n"))).toBe(true);
  expect(files.replace("run.sh", Buffer.from("1\n"), Buffer.from("3\n"))).toBe(false);
  expect(repository.git("diff", "--stat", "--summary")).toContain("run.sh");
  expect(repository.git("ls-files", "--others")).toBe("");
  mkdirSync(repository.path("target"));
  symlinkSync(repository.path("target"), repository.path("way"));
  expect(files.replace("way/new.txt", null, Buffer.from("x"))).toBe(false);
});
