import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { pasteSession, reviewVersion, withProduct } from "../../../../tests/support/product";
import { listFindings, setFindingDecision } from "../review/index";
import { exportSarif } from "./index";

const product = withProduct();

it("exports a session's open findings as SARIF, with their places, fixes and rules", async () => {
  const { actor } = product;
  const session = await pasteSession(actor, {
    "a b.ts": "export function f() {\n  debugger;\n}\n",
    "b.ts": "debugger;\n",
  });
  await reviewVersion(session, 1);
  const [dismissed] = (await listFindings(actor, { sessionId: session.id })).filter(({ path }) => path === "b.ts");
  const identity = dismissed?.identity ?? "";
  await setFindingDecision(actor, { sessionId: session.id, identity, decision: "dismissed" });
  const { name, sarif } = await exportSarif(actor, { id: session.id });
  expect(name).toBe(session.name);
  const log = JSON.parse(sarif);
  const schema = JSON.parse(readFileSync("tests/fixtures/sarif-2.1.0.schema.json", "utf8"));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  const [run] = log.runs;
  expect(run.results).toHaveLength(1);
  expect(run.results[0]).toMatchObject({
    ruleIndex: 0,
    baselineState: "new",
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "a%20b.ts" },
          region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 12, snippet: { text: "debugger;" } },
        },
      },
    ],
    fixes: [
      {
        artifactChanges: [
          { replacements: [{ deletedRegion: { startLine: 1, startColumn: 22, endLine: 2, endColumn: 12 } }] },
        ],
      },
    ],
  });
  expect(run.tool.driver.rules[0].id).toBe(run.results[0].ruleId);
});
