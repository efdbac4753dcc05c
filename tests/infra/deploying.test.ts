/** Tests that a deployment can't remove anything by accident: by missing configuration, or a table that is not found. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { localCredentials } from "@redline/local/credentials";
import { ensureTable } from "@redline/local/provision";
import { describe, expect, it } from "vitest";
import { configValue, missingConfig } from "../../stacks/required-config";
import { startTestCloud } from "../support/cloud";
import { synthesise } from "./synth.mjs";

const ALL = { REDLINE_DOMAIN: "none", REDLINE_ALARM_EMAIL: "ops@redline.example", REDLINE_MODEL: "builtin" };
const SECRETS = { SigningKey: "a".repeat(64), OperatorSecret: "b".repeat(32) };

describe("a stage with users", () => {
  it.each(["staging", "production"])("called %s is deployed when every setting is set, opt-outs included", (stage) => {
    expect(missingConfig(stage, ALL)).toEqual([]);
    const { REDLINE_MODEL: _, ...others } = ALL;
    expect(missingConfig(stage, { ...others, REDLINE_MODELS: "models.json" })).toEqual([]);
  });

  it.each(Object.keys(ALL))("is not deployed without %s, as in a new shell, or without GitHub's variable", (name) => {
    for (const given of [undefined, ""]) {
      const [sentence, ...others] = missingConfig("production", { ...ALL, [name]: given });
      expect(others).toEqual([]);
      expect(sentence).toMatch(new RegExp(`^${name}\\b.* is not set: .*\\.env\\.production`));
    }
  });

  it("is not deployed with both a model and a routing table, as from two environment files", () => {
    expect(missingConfig("production", { ...ALL, REDLINE_MODELS: "models.json" })).toEqual([
      expect.stringMatching(/^REDLINE_MODEL and REDLINE_MODELS are both set/),
    ]);
    expect(missingConfig("production", { ...ALL, REDLINE_MODELS: "" })).toEqual([]);
  });

  it("stops before any resource is created", async () => {
    process.env.REDLINE_SKIP_BUILD = "1";
    const refused = synthesise({ stage: "staging", secrets: SECRETS, env: { REDLINE_ALARM_EMAIL: "" } });
    await expect(refused).rejects.toThrow(/REDLINE_ALARM_EMAIL is not set/);
  });

  it("has what was configured, and nothing that was opted out of", () => {
    expect(configValue("REDLINE_ALARM_EMAIL", ALL)).toBe("ops@redline.example");
    expect([configValue("REDLINE_DOMAIN", ALL), configValue("REDLINE_DOMAIN", {})]).toEqual([undefined, undefined]);
  });
});

it("a developer's own stage requires no setting", () => {
  expect(missingConfig("dev-ann", {})).toEqual([]);
});

it("a routing table that is a value, as at GitHub, is the stage's", async () => {
  process.env.REDLINE_SKIP_BUILD = "1";
  const table = JSON.stringify({ default: ["bedrock:amazon.nova-lite-v1:0"] });
  const { resources } = await synthesise({
    stage: "production",
    secrets: SECRETS,
    env: { REDLINE_MODEL: "", REDLINE_MODELS: table },
  });
  const tables = resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .flatMap(({ inputs }) => inputs.environment?.variables?.REDLINE_MODELS ?? []);
  expect(new Set(tables)).toEqual(new Set([table]));
});

it("the table of a stage is found by the name that SST gives it", async () => {
  process.env.REDLINE_SKIP_BUILD = "1";
  const { resources } = await synthesise({ stage: "staging", secrets: SECRETS });
  const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table")?.inputs.name;
  const cloud = await startTestCloud();
  try {
    await ensureTable(cloud.dynamodb, table);
    const { accessKeyId, secretAccessKey } = localCredentials();
    const env = {
      ...process.env,
      ...{ AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    };
    const asked = await promisify(execFile)(process.execPath, ["scripts/data-version.mjs", "staging"], { env });
    expect(asked.stdout).toContain("are supported by this commit");
  } finally {
    await cloud.close();
  }
});
