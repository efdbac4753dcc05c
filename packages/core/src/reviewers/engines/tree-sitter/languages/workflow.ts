// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other languages in the examples
/** Workflows of GitHub Actions, in YAML. `actionlint` finds what their syntax doesn't allow. */
import type { GrammarLanguage } from "../language";

const steps = (step: string) => `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${step}`;
const zizmor = "https://docs.zizmor.sh/audits/#";

/** Values of an event that whoever opens an issue or a pull request chooses. */
const chosen =
  /\$\{\{\s*(?:github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)|github\.event\.(?:comment|review|review_comment)\.body|github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch)|github\.event\.head_commit\.(?:message|author\.\w+)|github\.head_ref)\s*\}\}/;

const pair = (key: string, value = "(_) @value") =>
  `(block_mapping_pair key: (flow_node) @key value: ${value} (#match? @key "^${key}$")) @at`;

export const workflow: GrammarLanguage = {
  id: "workflow",
  wasm: "@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm",
  outline: "(block_mapping_pair key: (flow_node) @name) @symbol (comment) @comment",
  rules: [
    {
      id: "unpinned-action",
      severity: "minor",
      title: "Runs whatever is on the action's branch",
      why: "The action changes under you, and whoever can push to its branch runs code with your secrets. Name a release, best by its commit's hash.",
      source: `${zizmor}unpinned-uses`,
      query: pair("uses"),
      when: ({ nodes: { value } }) =>
        /^["']?(?!dtolnay\/rust-toolchain@|\S+\/\.github\/workflows\/)[\w.-]+\/[\w./-]+@(?:main|master|develop|dev|trunk|HEAD|latest)["']?$/.test(
          value?.text ?? "",
        ),
      bad: steps("      - uses: example/deploy@master\n"),
      good: steps("      - uses: example/deploy@v3.1.0\n"),
    },
    {
      id: "injected-script",
      severity: "major",
      title: "Puts a text that anyone may choose into the script",
      why: "It is pasted before the shell reads the script: a title with `$(…)` in it runs. Pass it in `env`, and use the variable.",
      source: `${zizmor}template-injection`,
      query: pair("run|script"),
      when: ({ nodes: { value } }) => chosen.test(value?.text ?? ""),
      bad: steps('      - run: echo "${{ github.event.issue.title }}"\n'),
      good: steps('      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n'),
    },
    {
      id: "foreign-code-with-secrets",
      severity: "major",
      title: "Checks out a stranger's code in a run that has your secrets",
      why: "`pull_request_target` runs with a token that may write, and with secrets. Code of the pull request must not be built or run there.",
      source: `${zizmor}dangerous-triggers`,
      query: `(block_mapping_pair key: (flow_node) @key value: (flow_node) @value (#eq? @key "ref")) @at`,
      when: ({ nodes: { at, value } }) =>
        /\$\{\{\s*github\.event\.pull_request\.head\.(?:sha|ref)\s*\}\}|\$\{\{\s*github\.head_ref\s*\}\}/.test(
          value?.text ?? "",
        ) &&
        /^["']?on["']?:[\s\S]*?\bpull_request_target\b[\s\S]*?^["']?jobs["']?:/m.test(at?.tree.rootNode.text ?? ""),
      bad: "on: pull_request_target\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
      good: "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
    },
    {
      id: "all-permissions",
      severity: "minor",
      title: "Every step may write everything",
      why: "A step that is broken into can push code and publish packages. Give the permissions that the job needs.",
      source: `${zizmor}excessive-permissions`,
      query: pair("permissions"),
      when: ({ nodes: { value } }) => /^["']?write-all["']?$/.test(value?.text ?? ""),
      bad: `permissions: write-all\n${steps("      - run: make\n")}`,
      good: `permissions:\n  contents: read\n${steps("      - run: make\n")}`,
    },
    {
      id: "always-true",
      severity: "major",
      title: "Always true",
      why: "Outside of `${{ }}` the rest is text, and a text that isn't empty is true. Put the whole condition inside, or leave the braces out.",
      source: "https://github.com/rhysd/actionlint/blob/main/docs/checks.md#if-cond-constant",
      query: pair("if"),
      when: ({ nodes: { value } }) => {
        const text = (value?.text ?? "")
          .replace(/^[|>][+-]?\s*/, "")
          .replace(/^(["'])([\s\S]*)\1$/, "$2")
          .trim();
        return /\$\{\{/.test(text) && text.replace(/\$\{\{[\s\S]*?\}\}/g, "").trim() !== "";
      },
      bad: steps("      - run: make\n        if: ${{ github.ref_name == 'main' }} && success()\n"),
      good: steps("      - run: make\n        if: github.ref_name == 'main' && success()\n"),
    },
    {
      id: "unsecure-commands",
      severity: "major",
      title: "Lets whatever is printed set variables",
      why: "A log line can then change the environment of the next steps. Write to `$GITHUB_ENV`.",
      source: `${zizmor}insecure-commands`,
      query: pair("ACTIONS_ALLOW_UNSECURE_COMMANDS"),
      when: ({ nodes: { value } }) => /^["']?(?:true|1)["']?$/.test(value?.text ?? ""),
      bad: `env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n${steps("      - run: make\n")}`,
      good: `env:\n  MODE: release\n${steps("      - run: make\n")}`,
    },
    {
      id: "piped-to-shell",
      severity: "minor",
      title: "Runs what the network answers",
      why: "Whoever controls the server or the connection runs code here, with the job's secrets. Use an action of a fixed version, or check the hash of what was downloaded.",
      source: "https://docs.zizmor.sh/audits/",
      query: pair("run"),
      when: ({ nodes: { value } }) =>
        /(?:^|[\s;&(])(?:curl|wget)\s[^|\n]*https?:[^|\n]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh\b/.test(
          value?.text ?? "",
        ),
      bad: steps("      - run: curl -sSL https://example.com/install.sh | sh\n"),
      good: steps("      - run: curl -sSLo install.sh https://example.com/install.sh && sha256sum -c install.sha256\n"),
    },
    {
      id: "fixed-password",
      severity: "major",
      title: "A registry's password in the file",
      why: "Whoever reads the repository can use it. Take it from `secrets`.",
      source: `${zizmor}hardcoded-container-credentials`,
      query: `(block_mapping_pair key: (flow_node) @credentials value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @key value: (flow_node) @value) @at)) (#eq? @credentials "credentials") (#eq? @key "password"))`,
      when: ({ nodes: { value } }) => !/\$\{\{/.test(value?.text ?? ""),
      bad: "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    container:\n      image: example/shop:3\n      credentials:\n        username: shop\n        password: changeit\n    steps:\n      - run: make\n",
      good: "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    container:\n      image: example/shop:3\n      credentials:\n        username: shop\n        password: ${{ secrets.REGISTRY }}\n    steps:\n      - run: make\n",
    },
  ],
};
