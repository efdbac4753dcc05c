import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MUSTS } from "./musts.mjs";
import { synthesise } from "./synth.mjs";
import { World } from "./world.mjs";

const STAGES = ["dev", "staging", "production"] as const;
const MODEL = {
  dev: "builtin",
  staging: "bedrock:amazon.nova-lite-v1:0",
  production: "bedrock:us.amazon.nova-lite-v1:0",
};
const DOMAIN = "redline.example";
const SECRETS = { SigningKey: "a".repeat(64), OperatorSecret: "b".repeat(32) };
const worlds = new Map<string, World>();
const worldOf = (stage: string): World => worlds.get(stage) as World;

beforeAll(async () => {
  // What is deployed is what `npm run build:lambda` made; whoever runs this has made it.
  process.env.REDLINE_SKIP_BUILD = "1";
  for (const stage of STAGES) {
    const env = { REDLINE_MODEL: MODEL[stage], ...(stage === "production" && { REDLINE_DOMAIN: DOMAIN }) };
    worlds.set(stage, new World(await synthesise({ stage, secrets: SECRETS, env })));
  }
}, 300_000);

afterAll(() => {
  const counts = STAGES.map((stage) => `${stage} ${worldOf(stage).resources.length}`).join(", ");
  process.stdout.write(`resources: ${counts}; musts: ${MUSTS.length}, each with a break that it notices\n`);
});

describe.each(STAGES)("a stage called %s", (stage) => {
  for (const { must, in: only, problems } of MUSTS) {
    if (only && only !== stage) continue;
    it(must, () => expect(problems(worldOf(stage))).toEqual([]));
  }
});

describe("each of these notices when it is broken", () => {
  for (const { must, problems, breaks } of MUSTS) {
    it(must, () => {
      const broken = worldOf("production").copy();
      breaks(broken);
      expect(problems(broken)).not.toEqual([]);
    });
  }
});

describe("what a stage is made of", () => {
  it("is as it was last looked at, resource by resource", async () => {
    const { resources } = worldOf("production");
    const lines = resources
      .filter(({ type }) => type.startsWith("aws:"))
      .map(({ type, name }) => `${type.split("/")[0]?.slice(4)} ${type.split(":").at(-1)} ${stable(name)}`)
      .sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("snapshots/resources.txt");
  });

  it("may do what it may do, function by function", async () => {
    const byRole = new Map<string, Set<string>>();
    for (const { role, Action, Resource } of worldOf("production").statements) {
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
