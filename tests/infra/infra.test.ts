import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INFRA_RULES } from "./assertions.mjs";
import { synthesise } from "./synth.mjs";
import { SynthesizedStack } from "./synthesized-stack.mjs";

const STAGES = ["dev", "staging", "production"] as const;
const MODEL = {
  dev: "builtin",
  staging: "bedrock:amazon.nova-lite-v1:0",
  production: "bedrock:us.amazon.nova-lite-v1:0",
};
const DOMAIN = "redline.example";
const SECRETS = { SigningKey: "a".repeat(64), OperatorSecret: "b".repeat(32) };
const stacks = new Map<string, SynthesizedStack>();
const stackOf = (stage: string): SynthesizedStack => stacks.get(stage) as SynthesizedStack;

beforeAll(async () => {
  // `npm run build:lambda` made the deployed bundles before this runs.
  process.env.REDLINE_SKIP_BUILD = "1";
  const synthesised = STAGES.map(async (stage) => {
    const env = {
      REDLINE_MODEL: MODEL[stage],
      ...(stage !== "staging" && { REDLINE_DASHBOARD: "on" }),
      ...(stage === "production" && { REDLINE_DOMAIN: DOMAIN }),
    };
    stacks.set(stage, new SynthesizedStack(await synthesise({ stage, secrets: SECRETS, env })));
  });
  await Promise.all(synthesised);
});

afterAll(() => {
  const counts = STAGES.map((stage) => `${stage} ${stackOf(stage).resources.length}`).join(", ");
  process.stdout.write(`resources: ${counts}; rules: ${INFRA_RULES.length}, each with a mutation that it catches\n`);
});

describe.each(STAGES)("a stage called %s", (stage) => {
  for (const { rule, in: only, problems } of INFRA_RULES) {
    if (only && ![only].flat().includes(stage)) continue;
    it(rule, () => expect(problems(stackOf(stage))).toEqual([]));
  }
});

describe("each rule catches its mutation", () => {
  for (const { rule, problems, mutate } of INFRA_RULES) {
    it(rule, () => {
      const broken = stackOf("production").copy();
      mutate(broken);
      expect(problems(broken)).not.toEqual([]);
    });
  }
});

it("a stage has a dashboard only where its operator asks for one, as it has a price", () => {
  const dashboards = STAGES.map((stage) => stackOf(stage).all("aws:cloudwatch/dashboard:Dashboard").length);
  expect(dashboards).toEqual([1, 0, 1]);
});

describe("a stage's resources", () => {
  it("match the snapshot, resource by resource", async () => {
    const { resources } = stackOf("production");
    const lines = resources
      .filter(({ type }) => type.startsWith("aws:"))
      .map(({ type, name }) => `${type.split("/")[0]?.slice(4)} ${type.split(":").at(-1)} ${stable(name)}`)
      .sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("snapshots/resources.txt");
  });

  it("have the permissions in the snapshot, function by function", async () => {
    const byRole = new Map<string, Set<string>>();
    for (const { role, Action, Resource } of stackOf("production").statements) {
      const actions = byRole.get(stable(role)) ?? new Set();
      const on = Resource.map(stable).join(", ");
      for (const action of Action) actions.add(`  ${action} on ${on}`);
      byRole.set(stable(role), actions);
    }
    const text = [...byRole].sort().map(([role, actions]) => `${role}\n${[...actions].sort().join("\n")}\n`);
    await expect(text.join("\n")).toMatchFileSnapshot("snapshots/permissions.txt");
  });
});

/** Names without what every ARN begins with and the random letters that keep physical names apart. */
function stable(name: string): string {
  return name
    .replace(/^arn:aws:(\w+):[^:]*:[^:]*:(?:redline-production-)?/, "$1 ")
    .replace("redline-production-", "")
    .replace(/-[a-z]{8}(?=$|[/:])/g, "")
    .replace(/(Subscriber)[A-Z][a-z]{5}(?=Function|EventSource|$)/g, "$1");
}
