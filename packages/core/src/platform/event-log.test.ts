import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { withProduct } from "../../../../tests/support/product";
import { sleep } from "./clock";
import { closeLogForDeadWriter, EventLogWriter, followLog, readLog, sealLog } from "./event-log";
import { resources } from "./resources";

const product = withProduct();

const follow = async <E>(logId: string, after = 0): Promise<{ sequence: number; event: E }[]> => {
  const seen = [];
  for await (const { sequence, event } of followLog<E>(logId, after, AbortSignal.timeout(600_000))) {
    seen.push({ sequence, event });
  }
  return seen;
};

describe("an event log", () => {
  afterEach(() => product.cloud.setFaults(LATE_READS));

  it("is followed from any event, each once and in order, while it is written and after it", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<number>(logId);
    const followers = [0, 3, 7].map((after) => follow<number>(logId, after));
    for (let event = 1; event < 10; event += 1) {
      writer.append(event);
      if (event % 3 === 0) await writer.flush();
    }
    await writer.end(10);
    const from = (after: number) =>
      Array.from({ length: 10 - after }, (_, index) => ({ sequence: after + index + 1, event: after + index + 1 }));
    expect(await Promise.all(followers)).toEqual([from(0), from(3), from(7)]);
    expect(await follow(logId, 5)).toEqual(from(5));
  });

  it("accepts more at once than an item holds", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    const events = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(150 * 1024));
    for (const event of events) writer.append(event);
    await writer.end("end");
    expect((await readLog<string>(logId)).map((entry) => entry.event)).toEqual([...events, "end"]);
  });

  it("stores later what the table rejected, in order and without a gap", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<number>(logId);
    product.cloud.setFaults({ ...LATE_READS, rules: [{ kind: "throttle", probability: 1, operation: "PutItem" }] });
    writer.append(1);
    await expect(writer.flush()).rejects.toThrow();
    writer.append(2);
    product.cloud.setFaults(LATE_READS);
    await writer.end(3);
    expect((await readLog<number>(logId)).map(({ sequence, event }) => [sequence, event])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it("has one writer: a second one stores nothing and gets an error", async () => {
    const logId = randomUUID();
    const first = new EventLogWriter<string>(logId);
    const second = new EventLogWriter<string>(logId);
    first.append("first");
    await first.flush();
    second.append("second");
    await expect(second.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(second.isLost).toBe(true);
    await expect(second.end("end")).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect((await readLog<string>(logId)).map((entry) => entry.event)).toEqual(["first"]);
  });

  it("that was ended for a dead writer ends once for every follower, wherever they are", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    writer.append("stored");
    await writer.flush();
    const following = [follow<string>(logId), follow<string>(logId, 1)];
    await sleep(20);
    writer.append("heard only");
    await closeLogForDeadWriter(logId, "end");
    await closeLogForDeadWriter(logId, "another end");
    const ends = (await Promise.all(following)).map((seen) => seen.map((entry) => entry.event));
    expect(ends.map((events) => events.at(-1))).toEqual(["end", "end"]);
    expect((await readLog<string>(logId)).filter((entry) => entry.last)).toMatchObject([{ event: "end" }]);
  });

  it("that was sealed is final: its writer can add nothing, and sealing it again returns the same", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    writer.append("stored");
    await writer.flush();
    writer.append("on its way");
    const [sealed, again] = await Promise.all([
      sealLog<string>(logId),
      sealLog<string>(logId),
      writer.flush().catch(() => undefined),
    ]);
    expect(again).toEqual(sealed);
    writer.append("late");
    await expect(writer.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(await readLog(logId)).toEqual(sealed);
  });

  it("is read from any event where its batches were still keyed by their last event", async () => {
    const logId = randomUUID();
    for (const [last, events] of [
      [2, ["1", "2"]],
      [5, ["3", "4", "5"]],
    ] as const) {
      const Item = marshall({
        ...{ pk: `LOG#${logId}`, sk: String(last).padStart(8, "0"), type: "events", logId, lastSequence: last },
        ...{ events, ttl: 9_999_999_999, v: 1 },
      });
      await product.cloud.dynamodb.send(new PutItemCommand({ TableName: resources.Table.name, Item }));
    }
    const writer = new EventLogWriter<string>(logId, 5);
    writer.append("6");
    await writer.end("7");
    for (let after = 0; after < 7; after += 1) {
      const events = (await readLog<string>(logId, after)).map(({ event }) => event);
      expect(events).toEqual(["1", "2", "3", "4", "5", "6", "7"].slice(after));
    }
  });

  it("that has ended keeps its own end", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    await writer.end("its own");
    await closeLogForDeadWriter(logId, "another");
    expect(await follow(logId)).toEqual([{ sequence: 1, event: "its own" }]);
  });
});
