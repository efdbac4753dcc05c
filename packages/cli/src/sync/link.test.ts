import { basename } from "node:path";
import { getSession } from "@redline/core/sessions/index";
import { createColors } from "picocolors";
import { afterEach, expect, it } from "vitest";
import { withServedProduct } from "../../../../tests/support/agents";
import { withProduct } from "../../../../tests/support/product";
import type { DifferenceSpec } from "../git/git";
import { openGit } from "../git/repository";
import { removeRepositories, TestRepository } from "../repositories.test-support";
import { connectServer } from "../server/server";
import { WorkTreeLink } from "./link";
import type { SyncEvent } from "./ports";
import { sentenceOf } from "./say";
import { sessionName } from "./session-name";

const product = withProduct();
const served = withServedProduct();
const links: WorkTreeLink[] = [];

afterEach(() => {
  for (const link of links.splice(0)) link.release();
  removeRepositories();
});

const SPECS: Record<string, DifferenceSpec> = {
  HEAD: { kind: "uncommitted" },
  "--branch": { kind: "branch" },
  "--staged": { kind: "staged" },
};

async function linkOf(repository: TestRepository, range: string, said: SyncEvent[] = []): Promise<WorkTreeLink> {
  const git = await openGit(repository.root, process.env);
  const server = await connectServer({ cwd: repository.root, env: { ...process.env, REDLINE_DATA: served.folder } });
  const spec = SPECS[range] ?? { kind: "range", range };
  const link = new WorkTreeLink({ git, server, spec, range, say: (event) => said.push(event) });
  links.push(link);
  return link;
}

function changedRepository(): TestRepository {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "let a = 1;\n" });
  repository.commit({ "a.ts": "let a = 2;\n" });
  repository.write({ "a.ts": "let a = 3;\n" });
  return repository;
}

it("has one process that follows a work tree, whatever it compares with, and another for commits beside it", async () => {
  const repository = changedRepository();
  const first = await linkOf(repository, "HEAD");
  expect(first.own()).toBeUndefined();
  const second = await linkOf(repository, "--branch");
  expect(() => second.own()).toThrow("no session of it yet");
  const linked = await first.open();
  expect(second.own()).toEqual({ id: linked?.id, pid: process.pid });
  expect((await linkOf(repository, "HEAD~1..HEAD")).own()).toBeUndefined();
  expect((await linkOf(repository, "--staged")).own()).toBeUndefined();
  expect((await linkOf(changedRepository(), "HEAD")).own()).toBeUndefined();
  first.release();
  expect(second.own()).toBeUndefined();
});

it("says once which files have names that a session can't have, with and without a session", async () => {
  const repository = new TestRepository();
  repository.commit({ "a.ts": "let a = 1;\n" });
  repository.write({ "back\\slash.ts": "1;\n", "tab\tand\nnewline.ts": "1;\n" });
  const said: SyncEvent[] = [];
  const link = await linkOf(repository, "HEAD", said);
  for (let tries = 0; tries < 2; tries++) expect(await link.open()).toBeUndefined();
  repository.write({ "b.ts": "1;\n" });
  const linked = await link.open();
  for (let syncs = 0; syncs < 2; syncs++) await linked?.engine.sync();
  expect(said.map((event) => sentenceOf(event, createColors(false)))).toEqual([
    "! skipped: back\\slash.ts (a name that a session can't have)",
    "! skipped: tab\\u{9}and\\u{a}newline.ts (a name that a session can't have)",
  ]);
});

it("calls a session by the folder and what is compared", async () => {
  const repository = changedRepository();
  const linked = await (await linkOf(repository, "HEAD")).open();
  const { name } = await getSession(product.actor, { id: linked?.id ?? "" });
  expect(name).toBe(`${basename(repository.root)}: uncommitted changes on main`);
  const on = { kind: "git", range: "HEAD", branch: "topic" } as const;
  expect(sessionName("/r2", { kind: "uncommitted" }, on)).toBe("r2: uncommitted changes on topic");
  expect(sessionName("/r2", { kind: "uncommitted" }, { kind: "git", range: "HEAD" })).toBe("r2: uncommitted changes");
  expect(sessionName("/r2", { kind: "staged" }, on)).toBe("r2: staged changes on topic");
  expect(sessionName("/redline", { kind: "branch" }, on)).toBe("redline: topic");
  expect(sessionName("/", { kind: "range", range: "a..b" }, { ...on, range: "a..b" })).toBe("Work tree: a..b");
  const long = sessionName(`/${"f".repeat(80)}`, { kind: "uncommitted" }, { ...on, branch: "b\n".repeat(80) });
  expect([...long]).toHaveLength(60);
});
