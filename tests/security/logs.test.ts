/** limits.md, "Security", row 11: what people and operators keep secret is in no line of any log, and in no error. */
import { randomUUID } from "node:crypto";
import { signInOperator } from "@redline/core/auth/index";
import { saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { AppError, toErrorShape } from "@redline/core/errors";
import { errorFields, log } from "@redline/core/platform/log";
import { checkText } from "@redline/core/review/index";
import { renameSession } from "@redline/core/sessions/index";
import { saveInstructions } from "@redline/core/settings/index";
import { handler } from "@redline/functions/review";
import { handler as announceHandler } from "@redline/functions/stream/table-changes";
import type { Context, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LATE_READS } from "../support/cloud";
import { ask, readReplyEvents, withModel } from "../support/conversation";
import { pasteSession, reviewVersion, withProduct } from "../support/product";

const product = withProduct();
const model = withModel({ protocol: "openai" });

const FORMS = [
  (n: string) => `AKIA${n}`,
  (n: string) => `ghp_${n}`,
  (n: string) => `sk-ant-${n}`,
  (n: string) => `xoxb-${n}`,
  (n: string) => `const password${n} = 1;`,
];
const planted: string[] = [];

/** A secret that nothing else contains. */
function plant(): string {
  const form = FORMS[planted.length % FORMS.length] as (n: string) => string;
  const secret = form(randomUUID().replaceAll("-", "").slice(0, 20).toUpperCase());
  planted.push(secret);
  return secret;
}
const plantAll = (count: number) => Array.from({ length: count }, plant);

const right = plant();
let written = "";
beforeAll(() => {
  process.env.SST_RESOURCE_OperatorSecret = JSON.stringify({ value: right });
  process.env.REDLINE_LOG = "debug";
  const keep = (chunk: unknown) => {
    written += String(chunk);
    return true;
  };
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void keep(args.map(String).join(" ")));
  }
});
afterAll(() => {
  vi.restoreAllMocks();
  delete process.env.REDLINE_LOG;
  delete process.env.REDLINE_AUTH;
});

const found = () => planted.filter((secret) => written.includes(secret));
const context = { getRemainingTimeInMillis: () => 300_000 } as Context;
const record = (body: string, receives = 1) =>
  ({ messageId: randomUUID(), body, attributes: { ApproximateReceiveCount: String(receives) } }) as SQSRecord;

/** Returns the response to the caller as text. */
const told = async (asked: Promise<unknown>): Promise<string> =>
  JSON.stringify(await asked.then(() => null).catch((error: unknown) => toErrorShape(error, "req_1")));

describe("the log", () => {
  it("would show a secret if one were logged", () => {
    const secret = randomUUID();
    log.info("planted", { secret });
    expect(written).toContain(secret);
  });

  it("never contains code, names or messages", async () => {
    const [name = "", path = "", ...code] = plantAll(14);
    const text = `${code.map((each) => `// ${each}`).join("\n")}\ndebugger;\n`;
    const session = await pasteSession(product.actor, {
      "a.ts": text,
      [`${path.replace(/\W/g, "_")}.py`]: `x = "${path}"\n`,
    });
    await renameSession(product.actor, { id: session.id, name });
    await reviewVersion(session, 1);
    await saveInstructions(product.actor, { instructions: plant() });
    await checkText(product.actor, { sessionId: session.id, path: "a.ts", text: plant(), language: "typescript" });
    const files = [{ path: "a.ts", text: plant() }];
    await saveFiles(product.actor, { codebaseId: session.codebaseId, base: 1, changeId: newChangeId(), files });
    expect(found()).toEqual([]);
  });

  it("never contains prompts, answers or errors of a model's server", async () => {
    const session = await pasteSession(product.actor, { "a.ts": `// ${plant()}\n` });
    process.env.REDLINE_MODEL_KEY = plant();
    const faults = [
      { text: plant(), toolCalls: [{ name: "propose_change", json: `{"path": "${plant()}", ` }] },
      { fault: { kind: "http", status: 401, message: plant() } },
      { fault: { kind: "http", status: 500, message: plant() } },
      { fault: { kind: "exception", type: "server_error", message: plant() } },
      { text: plant(), fault: { kind: "garbage" } },
      { text: plant(), fault: { kind: "cut" } },
      { text: plant(), fault: { kind: "silentEnd" } },
    ] as const;
    for (const answer of faults) {
      model.server.reset();
      model.server.script(() => answer as never);
      const { logId } = await ask(product.actor, session, { text: plant(), startLine: 1, endLine: 1 });
      await readReplyEvents(product.actor, logId);
    }
    expect(found()).toEqual([]);
  });

  it("never contains the content of malformed messages or records", async () => {
    const bodies = plantAll(4).map((secret, at) =>
      at % 2 === 0 ? secret : JSON.stringify({ kind: "review", sessionId: secret, version: 1, userId: secret }),
    );
    await handler({ Records: bodies.map((body) => record(body, 3)) }, context, () => undefined);
    const image = { outboxId: { S: plant() }, outboxJob: { M: { kind: { S: plant() } } } };
    const change = { eventID: "1", dynamodb: { SequenceNumber: "1", NewImage: image } };
    await Promise.resolve(announceHandler({ Records: [change] } as never, context, () => undefined)).catch(
      () => undefined,
    );
    expect(found()).toEqual([]);
  });

  it("never contains secrets, right or wrong", async () => {
    process.env.REDLINE_AUTH = "on";
    const wrong = plant();
    const source = { address: randomUUID() };
    const answer = await told(signInOperator(wrong, source));
    expect(answer).toContain("INVALID_CREDENTIALS");
    expect([right, wrong].filter((each) => answer.includes(each))).toEqual([]);
    const { session, device } = await signInOperator(right, source);
    planted.push(session.split(".")[1] ?? session, device);
    delete process.env.REDLINE_AUTH;
    expect(found()).toEqual([]);
  });

  it("never contains the stored content when the cloud fails", async () => {
    const secrets = plantAll(4);
    product.cloud.setFaults({ seed: 7, rules: [{ kind: "throttle", probability: 1 }] });
    const answers = await Promise.all(
      secrets.map((secret) => told(pasteSession(product.actor, { "a.ts": `// ${secret}\n` }))),
    );
    product.cloud.setFaults(LATE_READS);
    expect(answers.every((answer) => /"code":"(DATABASE_ERROR|INTERNAL_ERROR|NETWORK_ERROR)"/.test(answer))).toBe(true);
    expect(secrets.filter((secret) => answers.join().includes(secret))).toEqual([]);
    expect(found()).toEqual([]);
  });

  it("contains only the name and location of an error that quotes a secret", () => {
    for (const secret of plantAll(4)) {
      const inner = new SyntaxError(`Unexpected token in ${secret}`);
      log.error("failed", errorFields(inner));
      log.error("failed", errorFields(new AppError("DATABASE_ERROR", `It was ${secret}`, { cause: inner })));
      expect(JSON.stringify(toErrorShape(inner, "req_1"))).not.toContain(secret);
    }
    expect(found()).toEqual([]);
  });

  it("was searched for at least 50 secrets, and is not empty", () => {
    expect(planted.length).toBeGreaterThanOrEqual(50);
    expect(new Set(planted).size).toBe(planted.length);
    const lines = written.split("\n").filter((line) => line.startsWith('{"level"'));
    expect(lines.length).toBeGreaterThanOrEqual(10);
    expect(lines.some((line) => line.includes("job given up"))).toBe(true);
  });
});
