/**
 * DynamoDB units of what a person does, as the table itself counts them (consumed capacity). The same actions as rows of
 * docs/units.md, which `node --import tsx tests/bench/units.ts --write` writes.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { localOwner } from "@redline/core/auth/index";
import { applyChange, saveFiles, undoVersion } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { provideChecker } from "@redline/core/checks/index";
import { saveDraft } from "@redline/core/codebases/index";
import { dynamo } from "@redline/core/platform/clients";
import { answerFinding, applyAllSafe, listFindings, openSession } from "@redline/core/review/index";
import { createReviewer } from "@redline/core/reviewers/index";
import { createSession, listSessions, renameSession, trashSession } from "@redline/core/sessions/index";
import { startTestCloud } from "../support/cloud";
import { pointAt, reviewVersion } from "../support/product";
import { atMost, type Figure } from "./figure";

type Units = { read: number; write: number };
type Consumed = { ReadCapacityUnits?: number; WriteCapacityUnits?: number; CapacityUnits?: number };

const DOCS = new URL("../../docs/units.md", import.meta.url);

/** Adds up what every call of this process consumes, tables and indexes together. */
function meter(): { take(): Units } {
  let units: Units = { read: 0, write: 0 };
  dynamo().middlewareStack.add(
    (next, context) => async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: "TOTAL" });
      const answer = await next(call);
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Consumed | Consumed[] };
      const side = /^(Get|Query|BatchGet|TransactGet)/.test(String(context.commandName)) ? "read" : "write";
      for (const each of [ConsumedCapacity ?? []].flat()) units[side] += each.CapacityUnits ?? 0;
      return answer;
    },
    { step: "initialize", name: "meterUnits", priority: "high" },
  );
  return {
    take() {
      const taken = units;
      units = { read: 0, write: 0 };
      return taken;
    },
  };
}

const source = (at: number, hasProblems: boolean) => `export function total${at}(items: number[]) {
  ${hasProblems ? "let" : "const"} tax = 0.2;
  for (const item of items) {
    if (item ${hasProblems ? "==" : "==="} 0) ${hasProblems ? "debugger" : "continue"};
  }
  return items.length * tax;
}
`;

/** Every action on the fixture of quality.md: five files, about 8 KB of metadata. */
export async function measure(): Promise<{ action: string; units: Units }[]> {
  const cloud = await startTestCloud();
  const reviewer = createReviewer();
  try {
    await pointAt(cloud);
    provideChecker({ ...reviewer, highlight: async (...args) => Array.from(await reviewer.highlight(...args)) });
    const actor = localOwner();
    const { take } = meter();
    const rows: { action: string; units: Units }[] = [];
    const row = async <T>(action: string, run: () => Promise<T>): Promise<T> => {
      take();
      const result = await run();
      rows.push({ action, units: take() });
      return result;
    };
    const pasted = Array.from({ length: 5 }, (_, at) => ({ path: `src/total${at}.ts`, text: source(at, at < 2) }));
    const { session } = await row("create a session of 5 files", () =>
      createSession(actor, { key: randomUUID(), pasted }),
    );
    const { id, codebaseId } = session;
    await row("review its 5 files (6 findings, 6 fixes)", () => reviewVersion(session, 1));
    await row("open the session", () => openSession(actor, { sessionId: id }));
    const [first, second] = await listFindings(actor, { sessionId: id });
    await row("accept a fix", () => applyChange(actor, { codebaseId, changeId: first?.fix?.changeId ?? "" }));
    await row("review after it (1 file of 5 changed)", () => reviewVersion(session, 2));
    await row("dismiss a finding", () =>
      answerFinding(actor, { sessionId: id, identity: second?.identity ?? "", answer: "dismissed" }),
    );
    await row("keep a draft", () =>
      saveDraft(actor, {
        codebaseId,
        window: "window-a",
        base: 2,
        files: [{ path: "src/total0.ts", text: "typed\n" }],
      }),
    );
    const files = [{ path: "src/total1.ts", text: `${source(1, true)}// typed\n` }];
    await row("save a file", () => saveFiles(actor, { codebaseId, base: 2, changeId: newChangeId(), files }));
    await row("undo it", () => undoVersion(actor, { codebaseId, version: 3, changeId: newChangeId() }));
    await row("apply all safe fixes", () => applyAllSafe(actor, { sessionId: id, changeId: newChangeId() }));
    await row("list 50 sessions", () => listSessions(actor, {}));
    await row("rename a session", () => renameSession(actor, { id, name: "Totals" }));
    await row("throw it away", () => trashSession(actor, { id }));
    return rows;
  } finally {
    provideChecker(undefined);
    await reviewer.close();
    await cloud.close();
  }
}

export async function run(): Promise<Figure[]> {
  const rows = await measure();
  const open = rows.find((row) => row.action === "open the session");
  return [
    atMost({
      bench: "units",
      name: "open the fixture",
      value: open?.units.read ?? Number.NaN,
      unit: "read units",
      goal: 6,
    }),
  ];
}

async function write(): Promise<void> {
  const lines = (await measure()).map(({ action, units }) => `| ${action} | ${units.read} | ${units.write} |`);
  writeFileSync(
    DOCS,
    `# DynamoDB units of an action

Measured by the table's own consumed capacity, indexes included, on a session of five files; made by
\`node --import tsx tests/bench/units.ts --write\`. A transaction's writes count double. Event logs are in the reviews.

| action | read units | write units |
| --- | ---: | ---: |
${lines.join("\n")}
`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes("--write")) {
  await write();
  process.exit();
}
