import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { DifferenceSpec } from "../git/git";
import { openGit } from "../git/repository";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import type { TreeFile } from "./ports";
import { WorkTree } from "./work-tree";

afterAll(removeRepositories);

const UNCOMMITTED = { kind: "uncommitted" } as const;

async function treeAt(root: string, spec: DifferenceSpec = UNCOMMITTED): Promise<WorkTree> {
  return new WorkTree(await openGit(root, process.env), spec, "HEAD");
}

const only = (files: readonly TreeFile[]): TreeFile => {
  expect(files).toHaveLength(1);
  return files[0] as TreeFile;
};

it("keeps mode, byte order mark and CRLF of a file that it writes", async () => {
  const repository = new TestRepository();
  repository.commit({ "run.sh": "\uFEFFone\r\ntwo\r\n" });
  repository.write({ "run.sh": "\uFEFFone\r\n2\r\n" });
  chmodSync(repository.path("run.sh"), 0o751);
  const tree = await treeAt(repository.root);
  const { disk, newMode } = only((await tree.read([])).files);
  expect([disk, newMode]).toEqual(["\uFEFFone\r\n2\r\n", "100755"]);
  expect(tree.write("run.sh", disk as string, "\uFEFFone\r\n3\r\n")).toEqual({ outcome: "written" });
  expect(readFileSync(repository.path("run.sh"), "utf8")).toBe("\uFEFFone\r\n3\r\n");
  expect(statSync(repository.path("run.sh")).mode & 0o777).toBe(0o751);
});

it("shows only what was edited where git writes CRLF, and writes CRLF again", async () => {
  const repository = new TestRepository();
  repository.commit({ ".gitattributes": "*.txt text eol=crlf\n", "a.txt": "one\ntwo\n", "b.js": "1;\n" });
  repository.write({ "a.txt": "one\r\n2\r\n", "b.js": "1;\r\n2;\r\n" });
  const tree = await treeAt(repository.root);
  const { files } = await tree.read([]);
  expect(files.map(({ path, before, head }) => [path, before, head])).toEqual([
    ["a.txt", "one\ntwo\n", "one\n2\n"],
    ["b.js", "1;\n", "1;\r\n2;\r\n"],
  ]);
  expect(tree.write("a.txt", "one\n2\n", "one\n3\n")).toEqual({ outcome: "written" });
  expect(readFileSync(repository.path("a.txt"), "utf8")).toBe("one\r\n3\r\n");
  expect(tree.write("b.js", "1;\r\n2;\r\n", "1;\r\n")).toEqual({ outcome: "written" });
  // A file that has both line ends is what it is.
  repository.write({ "a.txt": "one\n2\r\n" });
  expect((await tree.read([])).files[0]?.disk).toBe("one\n2\r\n");
  expect(tree.write("a.txt", "one\n2\r\n", "one\n4\r\n")).toEqual({ outcome: "written" });
});

it("writes nothing over what was saved meanwhile, nothing of git's, and nothing out of the tree", async () => {
  const repository = new TestRepository();
  const outside = new TestRepository({ isRepository: false });
  outside.write({ "a.txt": "theirs\n" });
  repository.commit({ "a.txt": "1\n", "folder/b.txt": "1\n" });
  repository.write({ "a.txt": "2\n" });
  symlinkSync(outside.root, repository.path("way"));
  symlinkSync(outside.path("a.txt"), repository.path("link.txt"));
  const tree = await treeAt(repository.root);
  expect(tree.write("a.txt", "1\n", "3\n")).toEqual({ outcome: "changed" });
  expect(tree.write("way/a.txt", "theirs\n", "ours\n")).toEqual({ outcome: "changed" });
  expect(tree.write("way/new.txt", null, "ours\n")).toEqual({ outcome: "changed" });
  expect(tree.write("link.txt", "theirs\n", "ours\n")).toEqual({ outcome: "changed" });
  expect(tree.write("../new.txt", null, "ours\n")).toEqual({ outcome: "changed" });
  for (const path of [".git/hooks/pre-commit", "folder/.GIT/config", "git~1/config"]) {
    expect(tree.write(path, null, "x\n")).toMatchObject({ outcome: "refused" });
  }
  expect(readFileSync(outside.path("a.txt"), "utf8")).toBe("theirs\n");
  expect(lstatSync(repository.path("link.txt")).isSymbolicLink()).toBe(true);
  expect(repository.git("status", "--short")).toBe(" M a.txt\n?? link.txt\n?? way\n");
  const { files } = await tree.read([]);
  expect(files.map(({ path, textless }) => [path, textless])).toEqual([
    ["a.txt", undefined],
    ["link.txt", "symbolic link"],
    ["way", "symbolic link"],
  ]);
});

it("deletes and creates files, in folders that are not there yet", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.txt": "1\n" });
  const tree = await treeAt(repository.root);
  expect(tree.write("a.txt", "2\n", null)).toEqual({ outcome: "changed" });
  expect(tree.write("a.txt", "1\n", null)).toEqual({ outcome: "written" });
  expect(tree.write("new/b.txt", null, "b\n")).toEqual({ outcome: "written" });
  expect(repository.git("status", "--short")).toBe(" D a.txt\n?? new/\n");
});

it("tells renames, deletions, binary files, LFS pointers and submodules, and leaves ignored files out", async () => {
  const repository = new TestRepository();
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  repository.commit({
    ...{ "old.txt": "one\ntwo\nthree\n", "gone.txt": "gone\n", "logo.png": Buffer.from([0, 1]) },
    ...{ "big.bin": pointer, ".gitignore": "*.log\n" },
  });
  const module = new TestRepository();
  module.commit({ "m.txt": "m\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", module.root, "module");
  repository.git("commit", "--quiet", "-m", "module");
  repository.git("mv", "old.txt", "new.txt");
  repository.git("rm", "--quiet", "gone.txt");
  repository.write({ "logo.png": Buffer.from([0, 2]), "big.bin": "the file itself\n", "a.log": "ignored\n" });
  repository.write({ "module/m.txt": "edited in its own repository\n", "new.txt": "one\ntwo\n3\n" });
  const { files } = await (await treeAt(repository.root)).read([]);
  expect(files.map(({ path, from, textless, head }) => [path, from, textless, head])).toEqual([
    ["big.bin", undefined, "Git LFS pointer", null],
    ["gone.txt", undefined, undefined, null],
    ["logo.png", undefined, "binary file", null],
    ["module", undefined, "submodule", null],
    ["new.txt", "old.txt", undefined, "one\ntwo\n3\n"],
  ]);
});

it("is busy while git rebases or merges, and on another base after a commit or a switch", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.txt": "1\n" });
  repository.git("checkout", "--quiet", "-b", "topic");
  repository.commit({ "a.txt": "2\n" });
  const tree = await treeAt(repository.root);
  const before = await tree.read([]);
  repository.git("checkout", "--quiet", "main");
  const main = await tree.read([]);
  expect([before.source.branch, main.source.branch, main.base !== before.base]).toEqual(["topic", "main", true]);
  repository.commit({ "a.txt": "3\n" });
  for (const command of ["rebase", "merge", "cherry-pick"]) {
    expect(() => repository.git(command, "topic")).toThrow();
    expect((await tree.read([])).busy).toBe(`a ${command}`);
    repository.git(command, "--abort");
    expect((await tree.read([])).busy).toBeUndefined();
  }
});

it("follows a linked worktree, and a sparse one without the files that are not there", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.txt": "1\n", "far/b.txt": "1\n" });
  const linked = join(new TestRepository({ isRepository: false }).root, "linked");
  repository.git("worktree", "add", "--quiet", "--detach", linked);
  writeFileSync(join(linked, "a.txt"), "2\n");
  const tree = await treeAt(linked);
  const { files, source } = await tree.read([]);
  expect([only(files).path, source.branch]).toEqual(["a.txt", undefined]);
  expect(tree.write("a.txt", "2\n", "3\n")).toEqual({ outcome: "written" });
  repository.git("sparse-checkout", "set", "--cone");
  expect((await (await treeAt(repository.root)).read([])).files).toEqual([]);
});

it("names files as a session does, and finds them on disk again", async () => {
  const repository = new TestRepository();
  const decomposed = "cafe\u0301.txt";
  mkdirSync(repository.path("folder"));
  repository.write({ [decomposed]: "1\n", "back\\slash.txt": "1\n", " padded": "1\n" });
  const tree = await treeAt(repository.root);
  const { files, skipped } = await tree.read([]);
  const { path, disk } = only(files);
  expect([path, skipped]).toEqual(["caf\u00e9.txt", [" padded", "back\\slash.txt"]]);
  expect(tree.write(path, disk as string, "2\n")).toEqual({ outcome: "written" });
  expect(readFileSync(repository.path(decomposed), "utf8")).toBe("2\n");
  const { others } = await tree.read(["gone.txt"]);
  expect(others).toEqual([{ path: "gone.txt", before: null, head: null, disk: null }]);
});

it("tells files whose names a session can't have, on either side of a rename, and of one name composed in two ways", async () => {
  const repository = new TestRepository();
  repository.commit({ "old\tname.ts": "one\ntwo\nthree\n", "plain.ts": "1\n2\n3\n" });
  repository.git("mv", "old\tname.ts", "new.ts");
  repository.git("mv", "plain.ts", "two\nlines.ts");
  repository.write({ "caf\u00e9.txt": "1\n", "cafe\u0301.txt": "2\n" });
  const { files, skipped } = await (await treeAt(repository.root)).read([]);
  expect(files.map(({ path, from, before }) => [path, from, before])).toEqual([
    ["cafe\u0301.txt".normalize("NFC"), undefined, null],
    ["new.ts", undefined, null],
  ]);
  expect(skipped).toEqual(["caf\u00e9.txt", "old\tname.ts", "two\nlines.ts"]);
});

it("compares a range's commits, and writes to the files that are there", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.txt": "1\n" });
  repository.commit({ "a.txt": "2\n" });
  repository.write({ "a.txt": "3\n" });
  const tree = await treeAt(repository.root, { kind: "range", range: "HEAD~1..HEAD" });
  expect(tree.isFollowed).toBe(false);
  expect(only((await tree.read([])).files)).toMatchObject({ before: "1\n", head: "2\n", disk: "3\n" });
});
