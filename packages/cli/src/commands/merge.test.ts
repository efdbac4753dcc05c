import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { removeRepositories, runIn, TestRepository } from "../repositories.test-support";

afterAll(removeRepositories);

const BASE = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

function folderWith(base: string | Buffer, ours: string | Buffer, theirs: string | Buffer): TestRepository {
  const folder = new TestRepository({ isRepository: false });
  folder.write({ base, ours, theirs });
  return folder;
}

const oursOf = (folder: TestRepository) => readFileSync(folder.path("ours"));

it("merges as git merge-file does, to the byte, whatever the encoding", async () => {
  const latin = (text: string) => Buffer.from(text.replace("5", "caf\xe9").replaceAll("\n", "\r\n"), "latin1");
  const folder = folderWith(latin(BASE), latin(BASE.replace("2", "two")), latin(BASE.replace("8", "eight")));
  const expected = execFileSync("git", ["merge-file", "-p", "ours", "base", "theirs"], { cwd: folder.root });
  const { code } = await folder.run("merge-driver", "base", "ours", "theirs", "7", "a.txt");
  expect(code).toBe(0);
  expect(oursOf(folder)).toEqual(expected);
});

it("leaves markers of the size that git asks for, and exits with 1", async () => {
  const folder = folderWith(BASE, BASE.replace("5", "five"), BASE.replace("5", "V"));
  const { stdout } = spawnSync(
    "git",
    ["merge-file", "-p", "--marker-size=11", "-L", "ours", "-L", "base", "-L", "theirs", "ours", "base", "theirs"],
    { cwd: folder.root },
  );
  const { code } = await folder.run("merge-driver", "base", "ours", "theirs", "11", "a.txt");
  expect(code).toBe(1);
  expect(oursOf(folder)).toEqual(stdout);
});

it("leaves a binary file as ours, and gives up where a file is missing", async () => {
  const folder = folderWith("a\0", "b\0", "c\0");
  const { code, stderr } = await folder.run("merge-driver", "base", "ours", "theirs", "7", "a.bin");
  expect({ code, ours: String(oursOf(folder)) }).toEqual({ code: 1, ours: "b\0" });
  expect(stderr).toContain("a.bin is binary");
  expect((await folder.run("merge-driver", "none", "ours", "theirs")).code).toBe(129);
});

it("asks for each conflict which side to take, and writes when all are answered", async () => {
  const folder = folderWith(
    BASE,
    BASE.replace("2", "two").replace("8", "eight"),
    BASE.replace("2", "II").replace("8", "VIII"),
  );
  folder.write({ merged: "with markers" });
  const args = ["mergetool", "base", "ours", "theirs", "merged"];
  const merged = () => readFileSync(folder.path("merged"), "utf8");
  for (const stdin of ["o\n", "o\nq\n", ""]) {
    expect((await runIn(folder.root, args, { stdin })).code, stdin).toBe(1);
    expect(merged()).toBe("with markers");
  }
  const { code, stdout } = await runIn(folder.root, args, { stdin: "xx\no\nb\n" });
  expect(code).toBe(0);
  expect(stdout).toContain("conflict 2 of 2");
  expect(merged()).toBe("1\ntwo\n3\n4\n5\n6\n7\neight\nVIII\n9\n");
});
