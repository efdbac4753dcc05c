import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type IConfiguration, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import config, { INTERNAL } from "../../.dependency-cruiser.mjs";

const INTERNAL_BREAKING = Object.fromEntries(
  Object.keys(INTERNAL).map((domain) => [
    `internal-to-${domain}`,
    {
      "packages/core/src/exports2/index.ts": `export * from "../${domain}/internal";`,
      [`packages/core/src/${domain}/internal.ts`]: "export const a = 1;",
    },
  ]),
);

/** Each rule with one house that breaks it (the file named first) and nothing else. */
const BREAKING: Record<string, Record<string, string>> = {
  ...INTERNAL_BREAKING,
  "core-knows-no-transport": {
    "packages/core/src/sessions/index.ts":
      'import { action } from "../../../../app/http/errors";\nexport const a = action;',
    "app/http/errors.ts": "export const action = 1;",
  },
  "one-door-to-aws": {
    "packages/core/src/sessions/store.ts": 'export * from "@aws-sdk/client-s3";',
    "node_modules/@aws-sdk/client-s3/index.js": "export const a = 1;",
  },
  "domains-meet-at-the-face": {
    "packages/core/src/sessions/index.ts": 'export * from "../changes/store";',
    "packages/core/src/changes/store.ts": "export const a = 1;",
  },
  "faces-for-everyone": {
    "packages/functions/src/review.ts": 'export * from "../../core/src/changes/store";',
    "packages/core/src/changes/store.ts": "export const a = 1;",
  },
  "command-line-knows-no-cloud": {
    "packages/cli/src/run.ts": 'export * from "../../core/src/review/index";',
    "packages/core/src/review/index.ts": "export const a = 1;",
  },
  "nothing-needs-the-command-line": {
    "packages/functions/src/review.ts": 'export * from "../../cli/src/run";',
    "packages/cli/src/run.ts": "export const a = 1;",
  },
  "text-stands-alone": {
    "packages/core/src/text/merge.ts": 'export * from "../errors";',
    "packages/core/src/errors.ts": "export const a = 1;",
  },
  "app-and-functions-are-strangers": {
    "packages/functions/src/review.ts": 'export * from "../../../app/http/errors.server";',
    "app/http/errors.server.ts": "export const a = 1;",
  },
  "app-and-functions-know-no-laptop": {
    "app/http/files.server.ts": 'export * from "../../packages/local/src/store";',
    "packages/local/src/store.ts": "export const a = 1;",
  },
  "browsers-get-plain-data": {
    "app/review/page.tsx": 'export * from "../../packages/core/src/sessions/index";',
    "packages/core/src/sessions/index.ts": "export const a = 1;",
  },
  "engines-stay-in-the-worker": {
    "packages/core/src/review/run.ts": 'export * from "@biomejs/js-api";',
    "node_modules/@biomejs/js-api/index.js": "export const a = 1;",
  },
  "no-tests-in-the-product": {
    "app/http/start.server.ts": 'export * from "../../tests/support/cloud";',
    "tests/support/cloud.ts": "export const a = 1;",
  },
  "no-circles": {
    "packages/core/src/text/diff.ts": 'import { b } from "./merge";\nexport const a = () => b;',
    "packages/core/src/text/merge.ts": 'import { a } from "./diff";\nexport const b = () => a;',
  },
  "no-missing-files": {
    "packages/core/src/text/diff.ts": 'export * from "./gone";',
  },
};

const ALLOWED: Record<string, Record<string, string>> = {
  "a type from a domain's face in a page": {
    "app/review/page.tsx":
      'import type { Session } from "../../packages/core/src/sessions/index";\nexport type A = Session;',
    "packages/core/src/sessions/index.ts": "export type Session = { id: string };",
  },
  "a schema, the limits, the errors and the text engine in a page": {
    "app/review/page.tsx": ["sessions/schema", "limits", "errors", "text/index"]
      .map((path, at) => `export * as m${at} from "../../packages/core/src/${path}";`)
      .join("\n"),
    "packages/core/src/sessions/schema.ts": "export const a = 1;",
    "packages/core/src/limits.ts": "export const a = 1;",
    "packages/core/src/errors.ts": "export const a = 1;",
    "packages/core/src/text/index.ts": "export const a = 1;",
  },
  "a domain's face in a .server file and in a route without a page": {
    "app/routes/logs.ts": 'export * from "../../packages/core/src/sessions/index";',
    "app/review/review.server.ts": 'export * from "../../packages/core/src/sessions/index";',
    "packages/core/src/sessions/index.ts": 'export * from "../platform/log";\nexport * from "../changes/index";',
    "packages/core/src/changes/index.ts": "export const a = 1;",
    "packages/core/src/platform/log.ts": "export const a = 1;",
  },
};

const { options, forbidden } = config as IConfiguration;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "redline-house-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The names of the rules that this house breaks. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const house = mkdtempSync(join(folder, "house-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), content);
  }
  const { tsConfig: _, ...rest } = options ?? {};
  const { output } = await cruise(
    Object.keys(files).filter((path) => !path.startsWith("node_modules")),
    { ...rest, baseDir: house, ruleSet: { forbidden }, validate: true },
    { ...options?.enhancedResolveOptions, bustTheCache: true },
  );
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

describe("the import rules", () => {
  it("have an example each that breaks them", () => {
    expect(Object.keys(BREAKING).sort()).toEqual(forbidden?.map(({ name }) => name).sort());
    expect(forbidden?.every(({ severity }) => severity === "error")).toBe(true);
  });

  it.each(Object.entries(BREAKING))("refuse what breaks %s", async (name, files) => {
    expect(new Set(await brokenRules(files))).toEqual(new Set([name]));
  });

  it.each(Object.entries(ALLOWED))("allow %s", async (_, files) => {
    expect(await brokenRules(files)).toEqual([]);
  });
});
