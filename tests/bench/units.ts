/**
 * DynamoDB units of what a person does, as the table itself counts them (consumed capacity). The same actions as rows of
 * docs/units.md, which `node --import tsx tests/bench/units.ts --write` writes.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { localOwner } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { applyChange, saveFiles, undoVersion } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, saveDraft } from "@redline/core/codebases/index";
import {
  acceptLines,
  createDifference,
  listDecisions,
  rejectLines,
  undoDecision,
} from "@redline/core/differences/index";
import { newDecisionId } from "@redline/core/differences/schema";
import { LIMITS } from "@redline/core/limits";
import { dynamo } from "@redline/core/platform/clients";
import { sleep } from "@redline/core/platform/clock";
import { applySafeFixes, listFindings, openSession, setFindingDecision } from "@redline/core/review/index";
import { setReviewerForTests } from "@redline/core/reviewer-client/index";
import { createReviewer } from "@redline/core/reviewers/index";
import { createSession, listSessions, renameSession, trashSession } from "@redline/core/sessions/index";
import { getThread, openThread, postMessage, resolveThread } from "@redline/core/threads/index";
import { openThreadsOf } from "@redline/core/threads/internal";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { reserveCall, settleCall } from "@redline/core/usage/internal";
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
      const response = await next(call);
      const { ConsumedCapacity } = response.output as { ConsumedCapacity?: Consumed | Consumed[] };
      const side = /^(Get|Query|BatchGet|TransactGet)/.test(String(context.commandName)) ? "read" : "write";
      for (const each of [ConsumedCapacity ?? []].flat()) units[side] += each.CapacityUnits ?? 0;
      return response;
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

const CALL = { task: "reply", promptVersion: "reply/1", model: "bedrock:model", tokens: 9_000 } as const;
const SETTLED = {
  status: "done",
  model: CALL.model,
  usage: { inputTokens: 4_000, outputTokens: 600, cachedTokens: 0, estimated: false },
  price: { input: 3, output: 15 },
  totalMs: 4_000,
} as const;

const source = (at: number, hasProblems: boolean) => `export function total${at}(items: number[]) {
  ${hasProblems ? "let" : "const"} tax = 0.2;
  for (const item of items) {
    if (item ${hasProblems ? "==" : "==="} 0) ${hasProblems ? "debugger" : "continue"};
  }
  return items.length * tax;
}
`;

type Row = <T>(action: string, run: () => Promise<T>) => Promise<T>;

/** Decisions on lines of a difference of one file. */
async function differenceRows(actor: Actor, row: Row): Promise<void> {
  const files = [{ path: "a.ts", before: "let a = 1;\nlet b = 2;\n", after: "const a = 1;\nconst b = 2;\n" }];
  const source = { kind: "folders" as const, from: "old", to: "new" };
  const { id: sessionId } = await createDifference(actor, {
    key: randomUUID(),
    source,
    content: { kind: "files", files },
  });
  const first = [{ first: 1, last: 1 }];
  const about = { sessionId, path: "a.ts", version: 2 };
  await row("accept lines of a difference", () =>
    acceptLines(actor, { ...about, id: newDecisionId(), lines: { removed: first, added: first } }),
  );
  const second = [{ first: 2, last: 2 }];
  const { number } = await row("reject lines of it", () =>
    rejectLines(actor, { ...about, id: newDecisionId(), lines: { removed: second, added: second } }),
  );
  await row("read what is to be staged", () => listDecisions(actor, { sessionId, after: 2 }));
  await row("undo the rejection", () => undoDecision(actor, { sessionId, id: newDecisionId(), number }));
}

/** Every action on the fixture of quality.md: five files, about 8 KB of metadata. */
export async function measure(): Promise<{ action: string; units: Units }[]> {
  const cloud = await startTestCloud();
  const reviewer = createReviewer();
  try {
    await pointAt(cloud);
    setReviewerForTests({ ...reviewer, highlight: async (...args) => Array.from(await reviewer.highlight(...args)) });
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
    await row("open the session", () => openWithThreads(actor, id));
    const threadId = newThreadId();
    await row("open a thread", () => openNote(actor, id, threadId));
    for (let count = 1; count < 10; count += 1) await openNote(actor, id);
    await row("open the session with 10 threads", () => openWithThreads(actor, id));
    const at = { sessionId: id, threadId };
    const text = "Why does this not count the tax? ".repeat(40).slice(0, 1_024);
    const kilobyte = (messageKind: "ask" | "explain", wantsReply: boolean) => ({
      ...at,
      id: newMessageId(),
      text,
      messageKind,
      wantsReply,
    });
    await row("post a 1 KB message", () => postMessage(actor, kilobyte("ask", false)));
    await row("ask in 1 KB, with no model", () => postMessage(actor, kilobyte("explain", true)));
    await row("read the thread", () => getThread(actor, at));
    await row("resolve the thread", () => resolveThread(actor, at));
    const [first, second] = await listFindings(actor, { sessionId: id });
    await row("accept a fix", () => applyChange(actor, { codebaseId, changeId: first?.fix?.changeId ?? "" }));
    await row("review after it (1 file of 5 changed)", () => reviewVersion(session, 2));
    await row("dismiss a finding", () =>
      setFindingDecision(actor, { sessionId: id, identity: second?.identity ?? "", decision: "dismissed" }),
    );
    await row("keep a draft", () =>
      saveDraft(actor, {
        codebaseId,
        draftId: "draft-a",
        base: 2,
        files: [{ path: "src/total0.ts", text: "typed\n" }],
      }),
    );
    const files = [{ path: "src/total1.ts", text: `${source(1, true)}// typed\n` }];
    await row("save a file", () => saveFiles(actor, { codebaseId, base: 2, changeId: newChangeId(), files }));
    await row("undo it", () => undoVersion(actor, { codebaseId, version: 3, changeId: newChangeId() }));
    await row("apply all safe fixes", () => applySafeFixes(actor, { sessionId: id, changeId: newChangeId() }));
    for (let count = 10; count < LIMITS.thread.maxPerSession; count += 1) {
      const { thread } = await openNote(actor, id);
      await resolveThread(actor, { sessionId: id, threadId: thread.id });
    }
    // The first look carries the older ones to the head and keeps where they are, behind its answer.
    await openWithThreads(actor, id);
    await sleep(1_000);
    await row("open the session with 500 threads", () => openWithThreads(actor, id));
    const movedText = `// moved\n${source(0, true)}`;
    const head = await getCodebase(actor, { id: codebaseId });
    const moved = [{ path: "src/total0.ts", text: movedText }];
    await saveFiles(actor, { codebaseId, base: head.number, changeId: newChangeId(), files: moved });
    await row("open it after a save that moved its 9 open threads", async () => {
      await openWithThreads(actor, id);
      // Their places are kept behind the response.
      await sleep(1_000);
    });
    await differenceRows(actor, row);
    await row("search for a name that no session has", () => listSessions(actor, { search: "nothing" }));
    await row("list 50 sessions", () => listSessions(actor, {}));
    const call = await row("reserve a model call", () =>
      reserveCall(actor, { ...CALL, teamId: actor.personalTeamId, about: { kind: "message", ...at, number: 1 } }),
    );
    await row("settle it", () => settleCall(call, SETTLED));
    await row("rename a session", () => renameSession(actor, { id, name: "Totals" }));
    await row("throw it away", () => trashSession(actor, { id }));
    return rows;
  } finally {
    setReviewerForTests(undefined);
    await reviewer.close();
    await cloud.close();
  }
}

/** A thread on one of the fixture's files with a short note. */
function openNote(actor: Actor, sessionId: string, threadId = newThreadId()) {
  const message = { id: newMessageId(), text: "Is this right for every item of the list?", wantsReply: false };
  return openThread(actor, { sessionId, threadId, path: "src/total0.ts", startLine: 2, message });
}

/** Measures the reads of a session's page. */
async function openWithThreads(actor: Actor, sessionId: string): Promise<void> {
  const { session, codebase } = await openSession(actor, { sessionId });
  await openThreadsOf(session, codebase);
}

export async function run(): Promise<Figure[]> {
  const rows = await measure();
  const goal = (action: string, side: keyof Units, name: string, most: number) => {
    const value = rows.find((row) => row.action === action)?.units[side] ?? Number.NaN;
    return atMost({ bench: "units", name, value, unit: `${side} units`, goal: most });
  };
  return [
    goal("open the session with 10 threads", "read", "open the fixture", 6),
    goal("ask in 1 KB, with no model", "write", "post a 1 KB message", 8),
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
