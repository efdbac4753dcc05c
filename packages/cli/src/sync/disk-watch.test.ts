import { renameSync, writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { openGit } from "../git/repository";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import { watchDisk } from "./disk-watch";

afterAll(removeRepositories);

it("tells of a save by rename each time, of a new file and of a commit, and of nothing that is ignored", async () => {
  const repository = new TestRepository();
  repository.commit({ ".gitignore": "ignored/\n", "a.txt": "1\n" });
  repository.write({ "ignored/a.txt": "1\n" });
  let told = 0;
  const unwatch = await watchDisk(
    await openGit(repository.root, process.env),
    () => {
      told++;
    },
    () => undefined,
  );
  const tellsOf = async (act: () => void) => {
    const before = told;
    act();
    await expect.poll(() => told).toBeGreaterThan(before);
  };
  const saveByRename = () => {
    writeFileSync(repository.path("a.tmp"), `${told}\n`);
    renameSync(repository.path("a.tmp"), repository.path("a.txt"));
  };
  try {
    await tellsOf(saveByRename);
    await tellsOf(saveByRename);
    await tellsOf(() => repository.write({ "new/folder/b.txt": "1\n" }));
    await tellsOf(() => repository.git("commit", "--quiet", "--all", "--allow-empty", "-m", "two"));
    const before = told;
    repository.write({ "ignored/b.txt": "1\n", ".a.txt.redline-1": "1\n" });
    repository.write({ "last.txt": "1\n" });
    await expect.poll(() => told).toBe(before + 1);
  } finally {
    await unwatch();
  }
});
