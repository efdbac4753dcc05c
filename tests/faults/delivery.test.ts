/** Tests the steps between a commit and a stage: the check of the data's version, and the rollback. */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "@redline/core/platform/clients";
import { resources } from "@redline/core/platform/resources";
import { CODE, SCHEMA_KEY } from "@redline/core/platform/schema-version";
import { ensureTable } from "@redline/local/provision";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localClient } from "../support/cloud";
import { withProduct } from "../support/product";

const run = promisify(execFile);
const { accessKeyId, secretAccessKey } = localClient("").credentials;
const CREDENTIALS = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };

describe("a commit that is to be deployed", () => {
  const product = withProduct();
  const cloud = () => product.cloud;
  const ask = (env: NodeJS.ProcessEnv = process.env, ...stage: string[]) =>
    run(process.execPath, ["scripts/data-version.mjs", ...stage], { env });
  /** The environment of a person who deploys: with an account, and linked to nothing. */
  const inAccount = (): NodeJS.ProcessEnv => {
    const { SST_RESOURCE_Table: _, ...others } = process.env;
    return { ...others, AWS_ENDPOINT_URL_DYNAMODB: cloud().endpoints.dynamodb, ...CREDENTIALS };
  };
  const store = (oldest: number, newest: number, table: string = resources.Table.name) =>
    dynamo().send(new PutCommand({ TableName: table, Item: { ...SCHEMA_KEY, oldest, newest, epoch: 1, v: 1 } }));

  it("a commit may be deployed when it supports the stage's data version or the stage has no data", async () => {
    expect((await ask()).stdout).toContain("are supported by this commit");
    await store(CODE.reads, CODE.writes);
    expect((await ask()).stdout).toContain("are supported by this commit");
    expect((await ask(inAccount(), "staging")).stdout).toContain("no table yet");
  });

  it("a stage's table is found by name among tables of other stages and restored ones", async () => {
    const table = "redline-staging-RedlineTableTable-abcdefhk";
    const beside = [
      "redline-staging-RedlineTableTable-abcdefhk-restored",
      "redline-staging-two-RedlineTableTable-abcdefhk",
    ];
    for (const name of [table, ...beside]) await ensureTable(cloud().dynamodb, name);
    expect((await ask(inAccount(), "staging")).stdout).toContain("are supported by this commit");
    await store(CODE.reads, CODE.writes + 1, table);
    const refused = await ask(inAccount(), "staging").catch((error: { code: number }) => error);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("The stored data is of versions") });
    await ensureTable(cloud().dynamodb, "redline-staging-RedlineTableTable-zzzzzzzz");
    const unsure = await ask(inAccount(), "staging").catch((error: { code: number }) => error);
    expect(unsure).toMatchObject({ code: 1, stderr: expect.stringContaining("Several tables match staging") });
  });

  it("the data version check fails without a stage", async () => {
    const refused = await ask(inAccount()).catch((error: { code: number }) => error);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Usage: node scripts/data-version.mjs STAGE"),
    });
  });

  it("a commit is rejected when part of the data was migrated beyond its version", async () => {
    await store(CODE.reads, CODE.writes + 1);
    const refused = await ask().catch((error: { code: number; stderr: string }) => error);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`of versions ${CODE.reads} to ${CODE.writes + 1}`),
    });
  });
});

describe("rolling back a deployment that failed", () => {
  let folder: string;
  let goodCommit: string;
  const path = (name: string) => join(folder, name);
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync("git", ["-C", path("repository"), ...args], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "redline-delivery-"));
    for (const name of ["repository", "bin"]) mkdirSync(path(name));
    git("init", "--quiet", "--initial-branch=main");
    const as = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    git(...as, "commit", "--quiet", "--allow-empty", "-m", "works");
    goodCommit = git("rev-parse", "HEAD");
    git(...as, "commit", "--quiet", "--allow-empty", "-m", "does not");
    // Stubs of AWS, npm and SST: each records its arguments and fails on demand.
    for (const name of ["aws", "npm", "npx", "node"]) {
      const called = `echo "${name} $* $REDLINE_DEPLOY_STRATEGY" | sed 's/ *$//' >> "$CALLS"`;
      const answer = name === "aws" ? 'echo "$LAST_GOOD"' : `case "${name} $*" in *"$FAILS"*) exit 1;; esac`;
      writeFileSync(path(`bin/${name}`), `#!/bin/sh\n${called}\n${answer}\n`);
      chmodSync(path(`bin/${name}`), 0o755);
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function rollBack({ lastGood = goodCommit, fails = "nothing" } = {}) {
    const { status, stderr } = spawnSync(resolve("scripts/rollback.sh"), ["staging"], {
      cwd: path("repository"),
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${path("bin")}:${process.env.PATH}`,
        CALLS: path("calls"),
        LAST_GOOD: lastGood,
        FAILS: fails,
      },
    });
    return { status, stderr, calls: readFileSync(path("calls"), "utf8").trim().split("\n") };
  }

  it("a rollback builds the last good commit, checks the data version, deploys it all at once and smoke-tests it", () => {
    const { status, calls } = rollBack();
    expect({ status, head: git("rev-parse", "HEAD") }).toEqual({ status: 0, head: goodCommit });
    expect(calls.slice(1)).toEqual([
      "npm ci",
      "npm run build:lambda",
      "node scripts/data-version.mjs staging",
      "npx sst deploy --stage staging all-at-once",
      "node scripts/smoke.mjs",
    ]);
  });

  it("a rollback deploys no commit that does not support the data version", () => {
    const { status, calls } = rollBack({ fails: "data-version" });
    expect(status).not.toBe(0);
    expect(calls.join("\n")).not.toContain("sst deploy");
  });

  it("a rollback fails when its smoke test fails", () => {
    expect(rollBack({ fails: "smoke" }).status).not.toBe(0);
  });

  it("a rollback refuses when the last good commit is the one that failed", () => {
    const { status, stderr, calls } = rollBack({ lastGood: git("rev-parse", "HEAD") });
    expect(status).not.toBe(0);
    expect(stderr).toContain("look at the alarms instead");
    expect(calls).toHaveLength(1);
  });
});
