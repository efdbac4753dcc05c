import { chmodSync } from "node:fs";
import { afterAll, beforeEach, expect, it } from "vitest";
import { openGit } from "../git/repository";
import type { GitIndex } from "../git/staging";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import { AcceptedLines, type FileToStage, type StageEvent } from "./stage-accepted";

afterAll(removeRepositories);

let repository: TestRepository;
let lines: AcceptedLines;
let said: StageEvent[];
let index: GitIndex;
const staged = new Map<string, string | null>();

const staging = () => new AcceptedLines(index, staged, (event) => said.push(event));
const inIndex = (path: string) => repository.git("show", `:${path}`);
const A: FileToStage = { path: "folder/a.sh", base: "one\ntwo\n", text: "ONE\ntwo\n" };

beforeEach(async () => {
  repository = new TestRepository();
  repository.write({ "folder/a.sh": "one\ntwo\n" });
  chmodSync(repository.path("folder/a.sh"), 0o755);
  repository.commit({ "folder/b.txt": "b\n" });
  repository.write({ "folder/a.sh": "ONE\nTWO\n" });
  // Paths are the root's, wherever the command runs.
  index = (await openGit(repository.path("folder"), process.env)).index as GitIndex;
  said = [];
  staged.clear();
  lines = staging();
});

it("stages the accepted lines alone, with the file's mode, and takes them back", async () => {
  expect(await lines.sync([A])).toBe(true);
  expect(inIndex(A.path)).toBe("ONE\ntwo\n");
  expect(repository.git("ls-files", "--stage", A.path)).toContain("100755");
  expect(repository.git("diff", "--stat")).toContain("1 insertion(+), 1 deletion(-)");
  expect(await lines.sync([A])).toBe(false);
  expect(await staging().sync([{ ...A, text: A.base }])).toBe(true);
  expect(inIndex(A.path)).toBe("one\ntwo\n");
  expect(said.map(({ outcome }) => outcome)).toEqual(["staged", "unstaged"]);
});

it("leaves what somebody staged otherwise, and says so once", async () => {
  repository.git("add", "--all");
  expect(await lines.sync([A])).toBe(false);
  expect(await lines.sync([A])).toBe(false);
  expect([inIndex(A.path), said]).toEqual(["ONE\nTWO\n", [{ path: A.path, outcome: "left" }]]);
});

it("stages a new file and a deletion, and takes both back", async () => {
  const added: FileToStage = { path: "new.txt", mode: "100644", base: null, text: "new\r\n" };
  const deleted: FileToStage = { path: "folder/b.txt", base: "b\n", text: null };
  await lines.sync([added, deleted]);
  expect(repository.git("diff", "--cached", "--name-status")).toBe("D\tfolder/b.txt\nA\tnew.txt\n");
  expect(inIndex("new.txt")).toBe("new\r\n");
  await lines.sync([
    { ...added, text: null },
    { ...deleted, text: "b\n" },
  ]);
  expect(repository.git("diff", "--cached", "--name-status")).toBe("");
});
