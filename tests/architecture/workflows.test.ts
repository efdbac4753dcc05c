/** Checks the promises of delivery (docs/operating/deploy.md) against the workflows; each with a change that breaks it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const FOLDER = ".github/workflows";
type Workflows = Record<string, string>;
const WORKFLOWS: Workflows = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, readFileSync(`${FOLDER}/${name}`, "utf8")]),
);

const lines = (all: Workflows, pattern: RegExp) =>
  Object.entries(all).flatMap(([name, text]) =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => ({ name, line: line.trim() })),
  );
/** Returns the commands of a shell step, also over several lines. */
const commands = (text: string) =>
  [...text.matchAll(/^ +(?:- )?run: (?:\|\n((?: {10,}.*\n)+)|(.*))/gm)].map(([, a, b]) => a ?? b ?? "");
const jobs = (text: string) =>
  text
    .slice(text.indexOf("\njobs:"))
    .split(/^ {2}(?=[\w-]+:$)/m)
    .slice(1);
const inOrder = (text: string, ...parts: string[]) => {
  const places = parts.map((part) => text.indexOf(part));
  return places.every((at, index) => at > (places[index - 1] ?? -1));
};

type Promised = { promise: string; problems: (all: Workflows) => unknown[]; breaks: (all: Workflows) => void };
const change = (name: string, from: string | RegExp, to: string) => (all: Workflows) => {
  all[name] = (all[name] ?? "").replace(from, to);
};

const PROMISES: Promised[] = [
  {
    promise: "others' actions are the very commits that were looked at",
    problems: (all) =>
      lines(all, /uses:/).filter(({ line }) => !/uses: (\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d)/.test(line)),
    breaks: change("stage.yml", /actions\/checkout@\w+ # v[\d.]+/, "actions/checkout@v5"),
  },
  {
    promise: "nothing that somebody typed becomes a part of a command",
    problems: (all) =>
      Object.values(all)
        .flatMap(commands)
        .filter((command) => command.includes("${{")),
    breaks: change("stage.yml", 'sst deploy --stage "$STAGE"', `sst deploy --stage \${{ inputs.stage }}`),
  },
  {
    promise: "a workflow has no permission by default, and only what deploys may ask for a role",
    problems: (all) =>
      Object.entries(all).flatMap(([name, text]) => {
        const top = /^permissions:(?: \{\}|\n {2}contents: read)$/m.test(text)
          ? []
          : [`${name} has permissions of its own`];
        const asking = jobs(text).filter((job) => job.includes("id-token: write"));
        return [
          ...top,
          ...asking.filter((job) => !/stage\.yml|environment: /.test(job)),
          ...lines(all, /: write-all|contents: write/),
        ];
      }),
    breaks: change("deploy.yml", "permissions: {}", "permissions:\n  id-token: write"),
  },
  {
    promise: "checking out leaves no token behind, and every job ends",
    problems: (all) =>
      Object.entries(all).flatMap(([name, text]) =>
        jobs(text)
          .filter((job) => job.includes("runs-on:"))
          .filter(
            (job) => !/timeout-minutes: \d+/.test(job) || /checkout@(?![\s\S]*persist-credentials: false)/.test(job),
          )
          .map(() => name),
      ),
    breaks: change("test.yml", /timeout-minutes: \d+/, ""),
  },
  {
    promise: "production follows staging, which follows the tests, and both get what was tested",
    problems: ({ "deploy.yml": deploy = "" }) => {
      const [test = "", staging = "", production = ""] = jobs(deploy);
      return [
        ...(/test\.yml[\s\S]*keep: true/.test(test) ? [] : ["the build is not kept"]),
        ...(/needs: test[\s\S]*tested: true/.test(staging) ? [] : ["staging gets something else"]),
        ...(/needs: staging[\s\S]*tested: true/.test(production) ? [] : ["production gets something else"]),
      ];
    },
    breaks: change("deploy.yml", "needs: staging", "needs: test"),
  },
  {
    promise: "a deployment knows the data, is walked, is remembered when it works, and goes back when it does not",
    problems: ({ "stage.yml": stage = "" }) => [
      ...(inOrder(stage, "merge-base", "data-version", "sst deploy", "smoke.mjs", "put-parameter", "rollback.sh")
        ? []
        : ["another order"]),
      ...(/if: failure\(\) && contains\([^\n]*steps\.deploy\.outcome\)\n +run: scripts\/rollback\.sh/.test(stage)
        ? []
        : ["never goes back"]),
      ...(stage.includes("cancel-in-progress: false") ? [] : ["may be cancelled half way"]),
      ...(/environment: \$\{\{ inputs\.stage \}\}\n/.test(stage) ? [] : ["it has no role"]),
    ],
    breaks: change("stage.yml", "node scripts/smoke.mjs", "true"),
  },
  {
    promise: "who waits for approval, or for another deployment, is not put out of the line by a push",
    problems: ({ "stage.yml": stage = "" }) => {
      const [approve = "", deploy = ""] = jobs(stage);
      return [
        ...(/environment: \$\{\{ inputs\.stage \}\}-approval/.test(approve) ? [] : ["nobody approves"]),
        ...(approve.includes("inputs.all-at-once && github.run_id") ? [] : ["a push replaces who goes back"]),
        ...(approve.includes('test -n "$APPROVAL"') ? [] : ["an environment that is missing lets everything pass"]),
        ...(deploy.includes("needs: approve") ? [] : ["deployed before somebody approved"]),
        ...(/queue: max\n +cancel-in-progress: false/.test(deploy) ? [] : ["the one that waits is cancelled"]),
        ...(deploy.includes("-approval") ? ["what waits for approval keeps others waiting"] : []),
      ];
    },
    breaks: change("stage.yml", /\n +queue: max/, ""),
  },
  {
    promise: "a deployment is told all that its operator chose",
    problems: ({ "stage.yml": stage = "" }) =>
      ["REDLINE_MODEL", "REDLINE_MODELS", "REDLINE_DOMAIN", "REDLINE_ALARM_EMAIL", "REDLINE_DASHBOARD"].filter(
        (name) => !stage.includes(`${name}: \${{ vars.${name} }}`),
      ),
    breaks: change("stage.yml", /\n.*REDLINE_MODELS:.*/, ""),
  },
  {
    promise: "what was tested is kept as long as it may wait for its approval",
    problems: ({ "test.yml": tests = "" }) => (/retention-days: 30\b/.test(tests) ? [] : ["it is gone before"]),
    breaks: change("test.yml", "retention-days: 30", "retention-days: 7"),
  },
  {
    promise: "a repair can be deployed at once, a push never is",
    problems: ({ "deploy.yml": deploy = "" }) =>
      jobs(deploy)
        .filter((job) => job.includes("stage.yml"))
        .filter((job) => !/all-at-once: \$\{\{ inputs\.all-at-once \|\| false \}\}/.test(job)),
    breaks: change("deploy.yml", /all-at-once: \$\{\{.*/, "all-at-once: true"),
  },
  {
    promise: "going back waits for nothing and for no alarm",
    problems: ({ "rollback.yml": back = "" }) => (back.includes("all-at-once: true") ? [] : ["it shifts gradually"]),
    breaks: change("rollback.yml", "all-at-once: true", ""),
  },
  {
    promise: "every script that is run is there",
    problems: (all) =>
      Object.values(all)
        .flatMap(commands)
        .flatMap((command) => command.match(/(?:scripts|\.ci)\/[\w.-]+/g) ?? [])
        .filter((path) => !existsSync(path)),
    breaks: change("stage.yml", "scripts/smoke.mjs", "scripts/smoke.js"),
  },
];

describe("the workflows", () => {
  it.each(PROMISES)("$promise", ({ problems }) => expect(problems(WORKFLOWS)).toEqual([]));
});

describe("each rule catches its violation", () => {
  it.each(PROMISES)("$promise", ({ problems, breaks }) => {
    const broken = { ...WORKFLOWS };
    breaks(broken);
    expect(problems(broken)).not.toEqual([]);
  });
});
