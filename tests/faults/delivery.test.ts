/** What stands between a commit and a stage: whether it knows the data, and the way back to one that worked. */
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
  /** As whoever deploys: with an account, and linked to nothing. */
  const inAccount = (): NodeJS.ProcessEnv => {
    const { SST_RESOURCE_Table: _, ...others } = process.env;
    return { ...others, AWS_ENDPOINT_URL_DYNAMODB: cloud().endpoints.dynamodb, ...CREDENTIALS };
  };
  const store = (oldest: number, newest: number, table: string = resources.Table.name) =>
    dynamo().send(new PutCommand({ TableName: table, Item: { ...SCHEMA_KEY, oldest, newest, epoch: 1, v: 1 } }));

  it("is let through when the stage's data is of a version that it knows, or not there yet", async () => {
    expect((await ask()).stdout).toContain("which this commit knows");
    await store(CODE.reads, CODE.writes);
    expect((await ask()).stdout).toContain("which this commit knows");
    expect((await ask(inAccount(), "staging")).stdout).toContain("no table yet");
  });

  it("is asked of a stage by its name, whatever others and restored tables are beside it", async () => {
    const table = "redline-staging-RedlineTableTable-abcdefhk";
    const beside = [
      "redline-staging-RedlineTableTable-abcdefhk-restored",
      "redline-staging-two-RedlineTableTable-abcdefhk",
    ];
    for (const name of [table, ...beside]) await ensureTable(cloud().dynamodb, name);
    expect((await ask(inAccount(), "staging")).stdout).toContain("which this commit knows");
    await store(CODE.reads, CODE.writes + 1, table);
    const refused = await ask(inAccount(), "staging").catch((error: { code: number }) => error);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("The stored data is of versions") });
    await ensureTable(cloud().dynamodb, "redline-staging-RedlineTableTable-zzzzzzzz");
    const unsure = await ask(inAccount(), "staging").catch((error: { code: number }) => error);
    expect(unsure).toMatchObject({ code: 1, stderr: expect.stringContaining("are all called like the table") });
  });

  it("is not let through when nobody says which stage", async () => {
    const refused = await ask(inAccount()).catch((error: { code: number }) => error);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("Say which stage") });
  });

  it("is refused when some of it was brought further than it knows", async () => {
    await store(CODE.reads, CODE.writes + 1);
    const refused = await ask().catch((error: { code: number; stderr: string }) => error);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`of versions ${CODE.reads} to ${CODE.writes + 1}`),
    });
  });
});

describe("going back after a deployment that does not work", () => {
  let folder: string;
  let worked: string;
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
    worked = git("rev-parse", "HEAD");
    git(...as, "commit", "--quiet", "--allow-empty", "-m", "does not");
    // AWS, npm and SST: each writes down how it was called, and fails when it is told to.
    for (const name of ["aws", "npm", "npx", "node"]) {
      const called = `echo "${name} $* $REDLINE_RELEASE" | sed 's/ *$//' >> "$CALLS"`;
      const answer = name === "aws" ? 'echo "$WORKS"' : `case "${name} $*" in *"$FAILS"*) exit 1;; esac`;
      writeFileSync(path(`bin/${name}`), `#!/bin/sh\n${called}\n${answer}\n`);
      chmodSync(path(`bin/${name}`), 0o755);
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function goBack({ works = worked, fails = "nothing" } = {}) {
    const { status, stderr } = spawnSync(resolve("scripts/go-back.sh"), ["staging"], {
      cwd: path("repository"),
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${path("bin")}:${process.env.PATH}`,
        CALLS: path("calls"),
        WORKS: works,
        FAILS: fails,
      },
    });
    return { status, stderr, calls: readFileSync(path("calls"), "utf8").trim().split("\n") };
  }

  it("builds the last commit that worked, asks the data, deploys it at once and walks it", () => {
    const { status, calls } = goBack();
    expect({ status, head: git("rev-parse", "HEAD") }).toEqual({ status: 0, head: worked });
    expect(calls.slice(1)).toEqual([
      "npm ci",
      "npm run build:lambda",
      "node scripts/data-version.mjs staging",
      "npx sst deploy --stage staging at-once",
      "node scripts/smoke.mjs",
    ]);
  });

  it("deploys nothing that does not know the data", () => {
    const { status, calls } = goBack({ fails: "data-version" });
    expect(status).not.toBe(0);
    expect(calls.join("\n")).not.toContain("sst deploy");
  });

  it("says so when the walk fails there as well", () => {
    expect(goBack({ fails: "smoke" }).status).not.toBe(0);
  });

  it("does nothing when the commit that does not work now is the one that did", () => {
    const { status, stderr, calls } = goBack({ works: git("rev-parse", "HEAD") });
    expect(status).not.toBe(0);
    expect(stderr).toContain("look at the alarms instead");
    expect(calls).toHaveLength(1);
  });
});
