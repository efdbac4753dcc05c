import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import { WorkTree } from "../sync/work-tree";
import { openGit } from "./repository";
import { swapFile } from "./swap-file";
import { WorkTreeFiles } from "./work-tree-files";

afterAll(removeRepositories);

const KILLS = process.env.REDLINE_LONG ? 200 : 12;
const TSX = createRequire(import.meta.url).resolve("tsx");
const SWAPPING = fileURLToPath(new URL("swapping.test-support.ts", import.meta.url));

it("leaves a file whole, old or new, when it is killed in the middle, and nothing beside it afterwards", async () => {
  const repository = new TestRepository();
  const texts = ["old\n", "new\n"].map((line) => line.repeat(400_000));
  repository.commit({ "a.txt": texts[0] as string });
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ["--import", TSX, SWAPPING, repository.root], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await sleep(Math.random() * 20);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(texts.includes(readFileSync(repository.path("a.txt"), "utf8"))).toBe(true);
  }
  const tree = new WorkTree(await openGit(repository.root, process.env), { kind: "uncommitted" }, "HEAD");
  const { files } = await tree.read([]);
  expect(files.every(({ path }) => path === "a.txt")).toBe(true);
  expect(readdirSync(repository.root).sort()).toEqual([".git", "a.txt"]);
});

/** An editor that saves into the file in the last moment before it is replaced. */
class Edited extends WorkTreeFiles {
  override stage(...args: Parameters<WorkTreeFiles["stage"]>) {
    const staged = super.stage(...args);
    if (!staged) return undefined;
    const commit = () => {
      appendFileSync(`${this.root}/a.txt`, "typed\n");
      staged.commit();
    };
    return { ...staged, commit };
  }
}

it("puts back what an editor saved between the last look and the swap", () => {
  const repository = new TestRepository();
  repository.commit({ "a.txt": "1\n" });
  expect(swapFile(new Edited(repository.root), "a.txt", Buffer.from("1\n"), Buffer.from("2\n"))).toBe(false);
  expect(readFileSync(repository.path("a.txt"), "utf8")).toBe("1\ntyped\n");
  expect(readdirSync(repository.root).sort()).toEqual([".git", "a.txt"]);
});
