/**
 * `npm run matrix [-- --json]`: asks every operation and every route as each actor, and counts what was asked and what was
 * answered that should not have been. Exits with 1 when anything leaked.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TESTS = ["tests/security/access-matrix.test.ts", "tests/security/routes.test.ts"];
const folder = mkdtempSync(join(tmpdir(), "redline-matrix-"));
const [operations, routes, report] = ["operations.json", "routes.json", "report.json"].map((name) =>
  join(folder, name),
);
const run = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--reporter=json", `--outputFile=${report}`, ...TESTS],
  {
    env: { ...process.env, REDLINE_MATRIX_OPERATIONS: operations, REDLINE_MATRIX_ROUTES: routes },
    stdio: ["ignore", "ignore", "inherit"],
  },
);
/** @type {(path: string | undefined) => any} */
const read = (path) => JSON.parse(readFileSync(path ?? "", "utf8"));
const [ofOperations, ofRoutes, { testResults }] = [read(operations), read(routes), read(report)];
rmSync(folder, { recursive: true, force: true });
const failed = testResults.flatMap((/** @type {any} */ file) =>
  file.assertionResults.filter((/** @type {any} */ each) => each.status === "failed"),
);
const matrix = {
  operations: ofOperations.operations,
  routes: ofRoutes.routes,
  actors: ofOperations.actors + ofRoutes.actors,
  cases: ofOperations.cases + ofRoutes.cases,
  leaks: ofRoutes.leaks.length + failed.length,
};
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(matrix)}\n`);
else console.table([matrix]);
for (const { fullName } of failed) process.stderr.write(`failed: ${fullName}\n`);
process.exit(run.status === 0 && matrix.leaks === 0 ? 0 : 1);
