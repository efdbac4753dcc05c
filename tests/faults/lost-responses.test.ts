import { randomUUID } from "node:crypto";
import { applyChange, saveFiles, undoVersion } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { createSession, listSessions } from "@redline/core/sessions/index";
import { afterEach, describe, expect, it } from "vitest";
import { LATE_READS } from "../support/cloud";
import { pasteSession, withProduct } from "../support/product";
import { testSeed } from "../support/seed";

const product = withProduct();
const ROUNDS = process.env.REDLINE_LONG ? 1_000 : 150;
const SEED = testSeed(1_204_118);

/** Repeats a request as a client does, until an answer arrives. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof AppError || tries === 50) throw error;
    }
  }
}

describe(`F3: answers are lost after the commit (seed ${SEED})`, () => {
  afterEach(() => product.cloud.setFaults(LATE_READS));

  const loseResponses = () =>
    product.cloud.setFaults({
      ...LATE_READS,
      seed: SEED,
      rules: [
        { kind: "drop", probability: 0.35, service: "dynamodb", operation: "TransactWriteItems" },
        { kind: "drop", probability: 0.2, service: "dynamodb", operation: "PutItem" },
        { kind: "cut", probability: 0.1, service: "dynamodb" },
      ],
    });

  it(`${ROUNDS} saves, each retried until answered, make ${ROUNDS} versions`, async () => {
    const { actor } = product;
    const { codebaseId } = await pasteSession(actor, { "a.txt": "0\n" });
    loseResponses();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const files = [{ path: "a.txt", text: `${round}\n` }];
      const request = { codebaseId, base: round, changeId: newChangeId(), files };
      const outcome = await until(() => saveFiles(actor, request));
      expect(outcome).toMatchObject({ outcome: "applied", version: round + 1 });
    }
    product.cloud.setFaults(LATE_READS);
    expect((await getCodebase(actor, { id: codebaseId })).number).toBe(ROUNDS + 1);
  });

  it("an undo that is retried undoes once, and a session that is sent again is one session", async () => {
    const { actor } = product;
    const before = await pasteSession(actor, { "a.txt": "0\n" });
    const { codebaseId } = before;
    await saveFiles(actor, { codebaseId, base: 1, changeId: newChangeId(), files: [{ path: "a.txt", text: "1\n" }] });
    loseResponses();
    const changeId = newChangeId();
    const undone = await until(() => undoVersion(actor, { codebaseId, version: 2, changeId }));
    expect(await until(() => undoVersion(actor, { codebaseId, version: 2, changeId }))).toEqual(undone);
    expect(await until(() => applyChange(actor, { codebaseId, changeId }))).toMatchObject({ version: 3 });
    const name = `sent again ${randomUUID()}`;
    const request = { key: randomUUID(), name, pasted: [{ path: "a.txt", text: "once\n" }] };
    const first = await until(() => createSession(actor, request));
    const second = await until(() => createSession(actor, request));
    expect(second.session.id).toBe(first.session.id);
    product.cloud.setFaults(undefined);
    expect((await listSessions(actor, { search: name })).sessions).toHaveLength(1);
    expect((await getCodebase(actor, { id: codebaseId })).number).toBe(3);
  });
});
