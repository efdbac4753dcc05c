/** Groups changed files by what they are, so that those nobody reads stand last and folded. */
export const FILE_GROUPS = ["code", "tests", "generated", "lock"] as const;
export type FileGroup = (typeof FILE_GROUPS)[number];

export const GROUP_NAMES: Record<FileGroup, string> = {
  code: "Code",
  tests: "Tests",
  generated: "Generated",
  lock: "Lock files",
};

const LOCK_FILES = new Set([
  ...[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "deno.lock",
    "composer.lock",
  ],
  ...["cargo.lock", "poetry.lock", "pdm.lock", "uv.lock", "pipfile.lock", "gemfile.lock", "go.sum", "mix.lock"],
  ...["podfile.lock", "packages.lock.json", "flake.lock", "pubspec.lock", "package.resolved", "gradle.lockfile"],
]);

const GENERATED =
  /(?:^|\/)(?:dist|build|out|vendor|third_party|__generated__|__snapshots__|node_modules)\/|\.(?:min\.(?:js|css)|map|snap|pb\.(?:go|cc|h)|g\.dart|designer\.cs)$|[._-]generated\.\w+$|_pb2(?:_grpc)?\.pyi?$/i;

const TESTS =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|fixtures|testdata|e2e)\/|(?:[._-](?:test|spec)s?\.\w+|_test\.\w+|(?:^|\/)test_\w+\.py|(?:^|\/)conftest\.py)$|Tests?\.(?:java|kt|cs)$/;

export function fileGroup(path: string): FileGroup {
  const name = path.split("/").at(-1)?.toLowerCase() ?? "";
  if (LOCK_FILES.has(name)) return "lock";
  if (GENERATED.test(path)) return "generated";
  return TESTS.test(path) ? "tests" : "code";
}
